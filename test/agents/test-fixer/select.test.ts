// Several candidates pass: one becomes the result, and the ledger says of the others that they settled nothing.
import { describe, expect, it } from "@jest/globals";
import { fenced } from "./models.ts";
import { broken, check, fix, repository, rightMax } from "./support.ts";

/** As right, and longer. */
const longerMax = rightMax.replace("return best;", "const found = best;\n  return found;");
/** As right, and as long. */
const otherMax = rightMax.replace("one > best", "best < one");
const labelled = ({ models }: { readonly models: { readonly labels: ReadonlyMap<string, boolean> } }) =>
  Object.fromEntries(models.labels);

describe("of several candidates that pass", () => {
  it("the smallest is the result, and no call but the one that wrote it is labelled as accepted", async () => {
    const done = await fix(broken, {
      script: { small: ({ index }) => fenced([longerMax, rightMax, otherMax][index] ?? "") },
    });
    expect(done.report.ending).toBe("fixed");
    expect(done.text("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
    expect(labelled(done)).toEqual({ "call 1": false, "call 2": true, "call 3": false });
  });

  it("of one size the first is, and the others are labelled all the same", async () => {
    const done = await fix(broken, {
      script: { small: ({ index }) => fenced([otherMax, rightMax, longerMax][index] ?? "") },
    });
    expect(done.text("src/list.js")).toBe(repository(otherMax)["src/list.js"]);
    expect(labelled(done)).toEqual({ "call 1": true, "call 2": false, "call 3": false });
  });

  it("that bring a test up to date it is so, too", async () => {
    const doubled = rightMax.replace("return best;", "return best * 2;");
    const expected = (line: string) => `  test("finds the largest", () => {\n${line}  });`;
    const short = expected("    expect(max([23, 57, 31])).toBe(114);\n");
    const long = expected(
      "    const list = [23, 57, 31];\n    const found = max(list);\n    expect(found).toBe(114);\n",
    );
    let written = 0;
    const done = await fix(
      { base: repository(rightMax), head: repository(doubled) },
      {
        changed: ["src/list.js"],
        script: {
          small: ({ slot }) =>
            slot === "write-test"
              ? fenced([long, short][written++] ?? "GIVE_UP: no")
              : "GIVE_UP: STALE It doubles.",
        },
      },
    );
    expect(done.report.ending).toBe("test-edit");
    const ofTests = done.models.asked.flatMap(({ slot, index }) =>
      slot === "write-test" ? [done.models.labels.get(`call ${index + 1}`)] : [],
    );
    expect(ofTests).toEqual([false, true, false]);
  });

  it("that put a type right it is so, too", async () => {
    const wrongType = rightMax.replace("best = one;", "best = (one);");
    const typecheck = (files: ReadonlyMap<string, string>) =>
      [...files].flatMap(([path, text]) =>
        text
          .split("\n")
          .flatMap((line, index) =>
            line.includes("(one);") ? [{ path, line: index + 1, message: "TS2322: No number." }] : [],
          ),
      );
    const done = await fix(
      { base: repository(rightMax), head: repository(wrongType), typecheck },
      {
        checks: [check({ step: "Run tsc", log: "src/list.js(5,3): error TS2322: No number." })],
        script: { small: ({ index }) => fenced([longerMax, rightMax, otherMax][index] ?? "") },
      },
    );
    expect(done.report).toMatchObject({ kind: "type", ending: "fixed" });
    expect(labelled(done)).toEqual({ "call 1": false, "call 2": true, "call 3": false });
  });
});
