// Tests that a pull request has left behind: brought up to date by a proposal of their own kind, never weakened.
import { describe, expect, it } from "@jest/globals";
import { fenced } from "./models.ts";
import { fix, repository, rightMax, testText } from "./support.ts";

describe("a test that is out of date", () => {
  const doubled = rightMax.replace("return best;", "return best * 2;");
  const options = { base: repository(rightMax), head: repository(doubled) };
  const updated = '  test("finds the largest", () => {\n    expect(max([23, 57, 31])).toBe(114);\n  });';

  it("is brought up to date where no change of the source passes: a proposal of its own kind", async () => {
    const small = ({ slot }: { slot: string }) =>
      slot === "write-test" ? fenced(updated) : "GIVE_UP: STALE It doubles on purpose.";
    const { report, text } = await fix(options, { changed: ["src/list.js"], script: { small } });
    expect(report).toMatchObject({ ending: "test-edit", edits: "tests" });
    expect(text("test/list.test.js")).toBe(testText.replace("toBe(57)", "toBe(114)"));
    expect(text("src/list.js")).toBe(options.head["src/list.js"]);
  });

  it.each([
    ["takes the check out", '  test("finds the largest", () => {\n    max([23, 57, 31]);\n  });'],
    ["skips it", updated.replace("test(", "test.skip(")],
    [
      "catches its error",
      updated.replace("expect(", "try { expect(").replace("toBe(114);", "toBe(1); } catch {}"),
    ],
  ])("is not brought up to date by what %s", async (_, answer) => {
    const small = ({ slot }: { slot: string }) => (slot === "write-test" ? fenced(answer) : "GIVE_UP: STALE");
    const { report, edits } = await fix(options, { changed: ["src/list.js"], script: { small } });
    expect(report.ending).toBe("unfixed");
    expect(edits.size).toBe(0);
  });

  it("is not looked for where nothing says so", async () => {
    const { models } = await fix(options, { script: { small: () => "GIVE_UP: I cannot tell." } });
    expect(models.asked.some(({ slot }) => slot === "write-test")).toBe(false);
  });
});
