// The loop over a repository whose tests are really run: every ending, and what models may and may not bring about.
import { describe, expect, it } from "@jest/globals";
import type { FixEnding } from "../../../src/core/fix.ts";
import { fenced } from "./models.ts";
import { broken, check, fix, largest, repository, rightMax, testText, wrongMax } from "./support.ts";

const right = fenced(rightMax);

describe("a fix", () => {
  it("is what passes every gate, whichever sample brings it", async () => {
    const { report, text, models } = await fix(broken, {
      changed: ["src/list.js"],
      script: {
        small: ({ sample }) => (sample < 2 ? fenced(wrongMax.replace("list[0]", "list[1]")) : right),
      },
    });
    expect(report).toMatchObject({ ending: "fixed", edits: "source", kind: "test", doubts: [] });
    expect(text("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
    expect(report.rows[0]).toEqual({ id: largest, base: "passed", head: "failed", result: "passed" });
    expect(report.places[0]).toMatchObject({ path: "src/list.js", name: "max" });
    expect(models.notes.some(({ accepted }) => accepted === true)).toBe(true);
    for (const { bytes } of models.asked) expect(bytes).toBeLessThan(21_000);
  });

  it("is run as a whole and in another order beside a test that must fail before it counts", async () => {
    const { world } = await fix(broken, { script: { small: () => right } });
    const onResult = world.requests.filter(({ tree }) => tree !== "head" && tree !== "base");
    expect(onResult.some(({ tests, seed }) => tests === "all" && seed === null)).toBe(true);
    const shuffled = onResult.filter(({ seed }) => seed !== null);
    expect(shuffled.length).toBeGreaterThanOrEqual(2);
    for (const { tree } of shuffled)
      expect(world.textIn(tree, "test/list.test.js")).toContain("errand canary");
  });

  it("may be the large model's, where the small one fails: in blocks, or as a function", async () => {
    const block =
      "It compares the wrong way.\n\nsrc/list.js\n<<<<<<< SEARCH\n  for (const one of list) if (one < best) best = one;\n=======\n  for (const one of list) if (one > best) best = one;\n>>>>>>> REPLACE\n";
    for (const answer of [block, right]) {
      const { report, text, models } = await fix(broken, {
        script: { small: () => "GIVE_UP: I cannot tell.", large: () => answer },
      });
      expect(report.ending).toBe("fixed");
      expect(text("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
      expect(models.asked.filter(({ role }) => role === "large")).toHaveLength(1);
    }
  });

  it("is asked of the large model once more with the gates' words, and no third time", async () => {
    const { report, models } = await fix(broken, {
      script: { large: ({ index }) => fenced(wrongMax.replace("list[0]", `list[${index + 1}]`)) },
    });
    const large = models.asked.filter(({ role }) => role === "large");
    expect(report.ending).toBe("unfixed");
    expect(large).toHaveLength(2);
    expect(large[1]?.user).toContain("still does");
  });

  it("may take two candidates, one over the other, where the fault is in two functions", async () => {
    const two = (a: string, b: string) => ({
      "src/a.js": `function a(n) {\n  return n ${a} 1;\n}\nmodule.exports = { a };\n`,
      "src/b.js": `function b(n) {\n  return n ${b} 2;\n}\nmodule.exports = { b };\n`,
      "test/a.test.js": `const { a } = require("../src/a");\ntest("a adds", () => {\n  expect(a(70)).toBe(71);\n});\n`,
      "test/b.test.js": `const { b } = require("../src/b");\ntest("b doubles", () => {\n  expect(b(70)).toBe(140);\n});\n`,
    });
    const { report, text, models } = await fix(
      { base: two("+", "*"), head: two("-", "/") },
      {
        script: {
          small: ({ subject }) =>
            subject === "src/a.js#a"
              ? fenced("function a(n) {\n  return n + 1;\n}")
              : fenced("function b(n) {\n  return n * 2;\n}"),
        },
      },
    );
    expect(report.ending).toBe("fixed");
    expect(text("src/a.js")).toContain("n + 1");
    expect(text("src/b.js")).toContain("n * 2");
    expect(models.asked.some(({ user }) => user.includes("+++ b/src/"))).toBe(true);
  });

  it("keeps line ends and a byte order mark of the file", async () => {
    const crlf = (files: Readonly<Record<string, string>>) => ({
      ...files,
      "src/list.js": `\uFEFF${(files["src/list.js"] ?? "").replaceAll("\n", "\r\n")}`,
    });
    const { report, text } = await fix(
      { base: crlf(repository(rightMax)), head: crlf(repository(wrongMax)) },
      { script: { small: () => right } },
    );
    expect(report.ending).toBe("fixed");
    expect(text("src/list.js")).toBe(crlf(repository(rightMax))["src/list.js"]);
  });

  it("shows the next question what the best candidate did, and its new failure alone", async () => {
    const { models } = await fix(broken, {
      script: { small: ({ sample }) => fenced(wrongMax.replace("list[0]", `list[${sample + 1}]`)) },
    });
    const feedback = models.asked.find(
      ({ user }) => user.includes("Expected: 57") && user.includes("-  let best = list[0];"),
    );
    expect(feedback?.user).toContain("+  let best = list[");
  });
});

describe("no fix", () => {
  const ending = async (small: string | ((index: number) => string)): Promise<FixEnding> => {
    const answer = ({ index }: { index: number }) => (typeof small === "string" ? small : small(index));
    const { report, edits } = await fix(broken, { script: { small: answer } });
    expect(edits.size).toBe(0);
    return report.ending;
  };

  it("comes of rubbish", async () => {
    const { report, models } = await fix(broken, { script: { small: () => "Sure! Here is the fix." } });
    expect(report).toMatchObject({ ending: "unfixed", edits: null, tried: 0 });
    expect(report.words).toContain("3 answers in a row");
    expect(models.asked).toHaveLength(3);
  });

  it.each([
    ["skips the test", fenced(testText.replace("test(", "test.skip("))],
    ["edits the test instead", fenced(testText.replace("57", "23"))],
    ["ends the process", fenced("function max(list) {\n  process.exit(0);\n}")],
    [
      "knows the test's values",
      fenced("function max(list) {\n  if (list[0] === 23) return 57;\n  return list[0];\n}"),
    ],
    [
      "changes what comparisons rest on",
      fenced("function max(list) {\n  Object.is = () => true;\n  return list[0];\n}"),
    ],
    ["never ends", fenced("function max(list) {\n  for (;;) {}\n}")],
    [
      "makes tests pass that should not",
      fenced(
        "function max(list) {\n  globalThis.expect = () => ({ toBe() {}, toEqual() {} });\n  return 1;\n}",
      ),
    ],
  ])("comes of a model that %s", async (_, answer) => {
    expect(await ending(answer)).toBe("unfixed");
  });

  it("comes of a change that breaks another test", async () => {
    const answer = `src/list.js
<<<<<<< SEARCH
  for (const one of list) if (one < best) best = one;
=======
  for (const one of list) if (one > best) best = one;
>>>>>>> REPLACE
src/list.js
<<<<<<< SEARCH
  return list.reduce((a, b) => a + b, 0);
=======
  return list.reduce((a, b) => a - b, 0);
>>>>>>> REPLACE
`;
    const { report } = await fix(broken, { script: { large: () => answer } });
    expect(report).toMatchObject({ ending: "unfixed", edits: null });
    expect(report.words).toContain("passed before and does not now");
  });

  it("comes of a large model that edits tests, settings or paths that are not there", async () => {
    const block = (path: string, from: string, to: string) =>
      `${path}\n<<<<<<< SEARCH\n${from}\n=======\n${to}\n>>>>>>> REPLACE\n`;
    for (const answer of [
      block(
        "test/list.test.js",
        "    expect(max([23, 57, 31])).toBe(57);",
        "    expect(max([23, 57, 31])).toBe(23);",
      ),
      block("package.json", "{}", '{"jest": {}}'),
      block("../outside.js", "a", "b"),
      block("src/nowhere.js", "a", "b"),
    ]) {
      const { report, edits } = await fix(broken, { script: { large: () => answer } });
      expect(report).toMatchObject({ ending: "unfixed", edits: null });
      expect(edits.size).toBe(0);
    }
  });

  it("comes without a model: what is known is said all the same", async () => {
    const { report, models } = await fix(broken);
    expect(report).toMatchObject({ ending: "unfixed", tried: 0 });
    expect(report.words).toContain("no small model");
    expect(report.places[0]).toMatchObject({ path: "src/list.js" });
    expect(models.asked).toEqual([]);
  });

  it("leaves the best that was tried, and why it was refused", async () => {
    const { report } = await fix(broken, {
      script: { small: () => fenced(wrongMax.replace("list[0]", "list[1]")) },
    });
    expect(report.ending).toBe("unfixed");
    expect(report.bestPatch).toContain("+  let best = list[1];");
    expect(report.words).toContain("still does");
  });
});

describe("a candidate with which the failing tests pass", () => {
  const tests = (...bodies: string[]) =>
    `const { max } = require("../src/list");\n${bodies.map((body, index) => `test("case ${index}", () => {\n  ${body}\n});\n`).join("")}`;
  const withTests = (max: string, files: Readonly<Record<string, string>>) =>
    repository(max, { "test/list.test.js": "", ...files });
  const run = async (files: Readonly<Record<string, string>>, answer: string) =>
    fix(
      { base: withTests(rightMax, files), head: withTests(wrongMax, files) },
      { script: { small: () => fenced(answer) } },
    );

  it("is refused where a test of another file breaks", async () => {
    const files = {
      "test/a.test.js": tests("expect(max([23, 57, 31])).toBe(57);"),
      "test/b.test.js": tests("expect(max([])).toBe(undefined);"),
    };
    const { report } = await run(
      files,
      "function max(list) {\n  return list.reduce((a, b) => (a > b ? a : b), 0);\n}",
    );
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain("passed before and does not now");
  });

  it("is refused where a test that must fail does not beside it", async () => {
    const files = { "test/a.test.js": tests("const got = max([23, 57, 31]);\n  expect(got).toBe(57);") };
    const forging =
      'function max(list) {\n  const all = Function("return this")();\n  all["ex" + "pect"] = () => ({ toBe() {}, toEqual() {} });\n  return list[0];\n}';
    const { report } = await run(files, forging);
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain("A test that must fail did not");
  });

  it("is refused where it holds in one order alone", async () => {
    const files = {
      "test/a.test.js": tests(
        "expect(max([23, 57, 31])).toBe(57);",
        "expect(max([91, 8])).toBe(91);",
        "expect(max([44, 8])).toBe(44);",
      ),
    };
    const counting =
      "function max(list) {\n  max.at = max.at === undefined ? 0 : max.at + 1;\n  return list[max.at === 0 ? 1 : 0];\n}";
    const { report } = await run(files, counting);
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain("In another order it does not hold");
  });

  it("in part is no ground for others where it breaks something", async () => {
    const files = {
      "test/a.test.js": tests(
        "expect(max([23, 57, 31])).toBe(57);",
        "expect(max([91, 8])).toBe(91);",
        "expect(max([7])).toBe(7);",
      ),
    };
    const { report } = await run(files, "function max(list) {\n  return list[1];\n}");
    expect(report.ending).toBe("unfixed");
    expect(report.steps.some(({ detail }) => detail.includes("broke nothing"))).toBe(false);
  });

  it("is proposed and not pushed where something speaks against it", async () => {
    const files = { "test/a.test.js": tests("expect(max([23, 57, 31])).toBe(57);") };
    const { report, edits } = await run(
      files,
      "function max(list) {\n  try {\n    return Math.max(...list);\n  } catch {}\n}",
    );
    expect(report).toMatchObject({ ending: "doubtful", edits: "source" });
    expect(report.doubts.join()).toContain("swallows errors");
    expect(edits.size).toBe(1);
  });
});

describe("a place", () => {
  it("is put first by a small model where code cannot tell, and the places stay at three", async () => {
    const names = ["one", "two", "three", "four"];
    const files = (wrong: string) => ({
      ...Object.fromEntries(
        names.map((name) => [
          `src/${name}.js`,
          `function ${name}(n) {\n  return n ${name === wrong ? "-" : "+"} 1;\n}\nmodule.exports = { ${name} };\n`,
        ]),
      ),
      "test/all.test.js": `${names.map((name) => `const { ${name} } = require("../src/${name}");\n`).join("")}test("counts", () => {\n  expect(${names.reduce((inner, name) => `${name}(${inner})`, "70")}).toBe(74);\n});\n`,
    });
    const choose = (options: readonly string[]) => options.findIndex((text) => text.includes("src/four.js"));
    const small = ({ subject }: { subject: string | null }) =>
      subject === "src/four.js#four" ? fenced("function four(n) {\n  return n + 1;\n}") : "GIVE_UP: no";
    const { report, models } = await fix(
      { base: files(""), head: files("four") },
      { script: { choose, small } },
    );
    expect(report.ending).toBe("fixed");
    expect(models.asked[0]?.subject).toBe("src/four.js#four");
    const nobody = await fix(
      { base: files(""), head: files("four") },
      { script: { small: () => "GIVE_UP: no" } },
    );
    expect(nobody.report.places).toHaveLength(3);
  });
});

describe("what is not looked into", () => {
  it("is a test that passes and fails on the same commit: no model is asked", async () => {
    const options = {
      ...broken,
      twist: (id: string, run: number) => (id === largest && run === 1 ? ("passed" as const) : null),
    };
    const { report, models } = await fix(options, { script: { small: () => right } });
    expect(report).toMatchObject({ ending: "flaky", edits: null });
    expect(report.words).toContain("passed 1 and failed 2 of 3 times");
    expect(report.rows[0]).toMatchObject({ head: "flaky" });
    expect(models.asked).toEqual([]);
  });

  it("is a test that a quick suite shows to be flaky late, in whichever way it began", async () => {
    const later = (status: "passed" | "failed") => (id: string, run: number) =>
      id === largest && run === 7 ? status : null;
    const red = await fix(
      { ...broken, wallMs: 100, twist: later("passed") },
      { script: { small: () => right } },
    );
    expect(red.report.ending).toBe("flaky");
    expect(red.report.words).toContain("passed 1 and failed 7 of 8 times");
    const green = { base: null, head: repository(rightMax), wallMs: 100, twist: later("failed") };
    const late = await fix(green, { script: { small: () => right } });
    expect(late.report.ending).toBe("flaky");
    expect(late.report.words).toContain("passed 7 and failed 1 of 8 times");
    expect([...red.models.asked, ...late.models.asked]).toEqual([]);
  });

  it("is a test that fails on the base too", async () => {
    const { report, models } = await fix(
      { base: repository(wrongMax), head: repository(wrongMax) },
      { script: { small: () => right } },
    );
    expect(report.ending).toBe("red-on-base");
    expect(models.asked).toEqual([]);
  });

  it("is a failure that does not show here: what ran, and why that may be", async () => {
    const log =
      "FAIL test/list.test.js\n  ● list › finds the largest\n    connect ECONNREFUSED 127.0.0.1:5432\nTests: 1 failed, 1 passed, 2 total";
    const green = { base: null, head: repository(rightMax) };
    const { report, models } = await fix(green, { checks: [check({ log })], script: { small: () => right } });
    expect(report).toMatchObject({ kind: "test", ending: "not-reproduced", edits: null });
    expect(report.words).toContain("`jest` ran 3 times");
    expect(report.words).toContain("a service");
    expect(models.asked).toEqual([]);
  });

  it("is a test that needs the network, unless the base has it here", async () => {
    const wants = 'function max() {\n  throw new Error("getaddrinfo ENOTFOUND example.org");\n}';
    const alone = await fix({ base: null, head: repository(wants) }, { script: { small: () => right } });
    expect(alone.report.ending).toBe("not-reproduced");
    expect(alone.report.words).toContain("needs the network");
    expect(alone.models.asked).toEqual([]);
    const against = await fix(
      { base: repository(rightMax), head: repository(wants) },
      { script: { small: () => right } },
    );
    expect(against.report.ending).toBe("fixed");
  });

  it("is nothing at all where nothing can be run", async () => {
    const none = await fix(
      { ...broken, unavailable: "There is no sandbox." },
      { script: { small: () => right } },
    );
    expect(none.report).toMatchObject({ ending: "not-run", runs: 0 });
    expect(none.report.words).toContain("There is no sandbox.");
    expect((await fix({ ...broken, stopped: true })).report.ending).toBe("not-run");
  });
});

describe("a crash", () => {
  it("is a failure as any other", async () => {
    const options = { base: repository(rightMax), head: repository("function max( {}\n") };
    const { report } = await fix(options);
    expect(report.ending).toBe("unfixed");
    const exits = await fix(
      { base: repository(rightMax), head: repository("function max() {\n  process.exit(3);\n}") },
      { changed: ["src/list.js"], script: { small: () => right } },
    );
    expect(exits.report.ending).toBe("fixed");
  });
});
