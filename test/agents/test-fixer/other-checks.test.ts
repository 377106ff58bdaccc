// Checks that are not about tests, and the limits of a run.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Complaint } from "../../../src/core/suite.ts";
import { isTestPath } from "../../../src/core/test-paths.ts";
import { fenced } from "./models.ts";
import { broken, check, fix, repository, rightMax, wrongMax } from "./support.ts";

const infrastructure = check({
  name: "unit",
  jobId: 7,
  conclusion: "timed_out",
  log: "The runner has received a shutdown signal.",
});

describe("a failure of the machine", () => {
  it("has its job started again, once, and nothing run or asked", async () => {
    const started: number[] = [];
    const rerunJob = (id: number) => {
      started.push(id);
      return Promise.resolve(true);
    };
    const { report, world } = await fix(broken, {
      checks: [infrastructure],
      ports: { rerunJob },
      script: { small: () => "" },
    });
    expect(report).toMatchObject({ kind: "infrastructure", ending: "rerun", edits: null, runs: 0 });
    expect(started).toEqual([7]);
    expect(world.requests).toEqual([]);
    const again = await fix(broken, { checks: [{ ...infrastructure, attempt: 2 }], ports: { rerunJob } });
    expect(again.report.ending).toBe("unfixed");
    expect(again.report.words).toContain("failed again");
    expect(started).toEqual([7]);
  });

  it("says so where the job cannot be started again", async () => {
    const { report } = await fix(broken, { checks: [infrastructure] });
    expect(report).toMatchObject({ ending: "unfixed" });
    expect(report.words).toContain("start it again");
  });
});

describe("dependencies that could not be installed", () => {
  it("are for a person, with what the log says", async () => {
    const log =
      "Run npm ci\nnpm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree\n##[error]Process completed with exit code 1.";
    const { report } = await fix(broken, { checks: [check({ step: "Run npm ci", log })] });
    expect(report).toMatchObject({ kind: "install", ending: "not-run" });
    expect(report.words).toContain("lockfile");
  });
});

const lintCheck = check({
  name: "lint",
  step: "Run npx eslint .",
  log: "> eslint .\n\n/home/runner/src/list.js\n  1:1  error  Missing semicolon  semi\n\n✖ 1 problem (1 error, 0 warnings)",
});
const semicolons = (files: ReadonlyMap<string, string>): Complaint[] =>
  [...files].flatMap(([path, text]) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        /[^;{}\s,(]$/.test(line) && path.startsWith("src/")
          ? [{ path, line: index + 1, message: `Missing semicolon: ${line.trim()}` }]
          : [],
      ),
  );
const unkempt = repository(rightMax.replace("return best;", "return best").replace("list[0];", "list[0]"));

describe("complaints of style", () => {
  it("are put right by the repository's own formatter, in what the pull request changes, and by no model", async () => {
    const format = (_path: string, text: string) =>
      text.replace("return best\n", "return best;\n").replace("list[0]\n", "list[0];\n");
    const { report, edits, models } = await fix(
      { base: null, head: unkempt, lint: semicolons, format },
      { checks: [lintCheck], changed: ["src/list.js"], script: { small: () => fenced("x") } },
    );
    expect(report).toMatchObject({ kind: "lint", ending: "fixed", edits: "format" });
    expect([...edits]).toEqual([["src/list.js", repository(rightMax)["src/list.js"]]]);
    expect(models.asked).toEqual([]);
  });

  it.each([
    [
      "brings a new complaint",
      (text: string) =>
        text
          .replace("return best\n", "return best;\n")
          .replace("list[0]\n", "list[0];\n")
          .replace("best = one;", "best = one"),
    ],
    ["does not parse", (text: string) => text.replace("return best\n", "return best;;;(\n")],
    ["breaks a test", (text: string) => text.replace("return best\n", "return 0;\n")],
    ["changes nothing", (text: string) => text],
  ])("are left where what the formatter makes %s", async (_, format) => {
    const { report, edits } = await fix(
      { base: null, head: unkempt, lint: semicolons, format: (_path, text) => format(text) },
      { checks: [lintCheck], changed: ["src/list.js"] },
    );
    expect(report.ending).toBe("unfixed");
    expect(edits.size).toBe(0);
  });

  describe("in tests", () => {
    const tests = "test/list.test.js";
    const wide = { ...unkempt, [tests]: (unkempt[tests] ?? "").replaceAll("  ", "      ") };
    const lint = (files: ReadonlyMap<string, string>): Complaint[] =>
      (files.get(tests) ?? "").includes("      expect")
        ? [{ path: tests, line: 1, message: "Too far to the right" }]
        : [];
    const run = (format: (text: string) => string, changed: readonly string[]) =>
      fix(
        { base: null, head: wide, lint, format: (path, text) => (path === tests ? format(text) : text) },
        { checks: [lintCheck], changed },
      );

    it("are put right, too, where the pull request changes them: layout is not what they demand", async () => {
      const { report, edits } = await run((text) => text.replaceAll("      ", "  "), [tests]);
      expect(report).toMatchObject({ ending: "fixed", edits: "format" });
      expect([...edits]).toEqual([[tests, unkempt[tests]]]);
    });

    it("are let be in tests that it does not change", async () => {
      const { edits } = await run((text) => text.replaceAll("      ", "  "), ["src/list.js"]);
      expect(edits.size).toBe(0);
    });

    it("are left where a linter's fixer takes away what a test demands", async () => {
      const { report, edits } = await run(
        (text) =>
          text.replaceAll("      ", "  ").replace("expect(sum([11, 22])).toBe(33);", "sum([11, 22]);"),
        [tests],
      );
      expect(report.ending).toBe("unfixed");
      expect(report.words).toContain("is gone");
      expect(edits.size).toBe(0);
    });
  });

  it("are left to a person where the formatter would write hundreds of files", async () => {
    const many = Array.from({ length: 201 }, (_, index) => `src/file${index}.js`);
    const head = { ...unkempt, ...Object.fromEntries(many.map((path) => [path, "a()\n"])) };
    const { report, edits } = await fix(
      { base: null, head, lint: semicolons, format: (_path, text) => text.replace(")\n", ");\n") },
      { checks: [lintCheck], changed: many },
    );
    expect([report.ending, edits.size]).toEqual(["unfixed", 0]);
    expect(report.words).toContain("201 files");
  });

  it("are not touched in protected paths, nor in what decides how tests run", async () => {
    const head = { ...unkempt, "jest.config.js": "x = 1\n" };
    const format = (_path: string, text: string) => `${text};`;
    const { edits } = await fix(
      { base: null, head, lint: semicolons, format },
      { checks: [lintCheck], changed: ["src/list.js", "jest.config.js"], protectedPaths: ["src/**"] },
    );
    expect(edits.size).toBe(0);
  });
});

const typeCheck = check({
  name: "types",
  step: "Run tsc",
  log: "src/list.js(5,3): error TS2322: Type 'string' is not assignable to type 'number'.",
});
/** Complains of a needless pair of brackets, which breaks no test. */
const mistyped = (files: ReadonlyMap<string, string>): Complaint[] =>
  [...files].flatMap(([path, text]) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        line.includes("(one);")
          ? [{ path, line: index + 1, message: "TS2322: Type 'string' is not assignable." }]
          : [],
      ),
  );
const wrongType = rightMax.replace("best = one;", "best = (one);");

describe("type errors", () => {
  const options = { base: repository(rightMax), head: repository(wrongType), typecheck: mistyped };

  it("are put right where the checker complains, and the tests stay as they are", async () => {
    const { report, text, models } = await fix(options, {
      checks: [typeCheck],
      script: { small: () => fenced(rightMax) },
    });
    expect(report).toMatchObject({ kind: "type", ending: "fixed", edits: "source" });
    expect(text("src/list.js")).toBe(repository(rightMax)["src/list.js"]);
    expect(models.asked[0]?.subject).toBe("src/list.js#max");
  });

  it.each([
    ["breaks a test", "function max(list) {\n  return list.length;\n}", "passed before and does not now"],
    ["leaves the complaint", wrongType.replaceAll("best", "most"), "still complains"],
    [
      "brings another one",
      rightMax.replace("return best;", "const a = (one);\n  const b = (one);\n  return best;"),
      "still complains",
    ],
  ])("are not put right by what %s", async (_, code, why) => {
    const { report, edits } = await fix(options, {
      checks: [typeCheck],
      script: { small: () => fenced(code) },
    });
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain(why);
    expect(edits.size).toBe(0);
  });

  it("that the base has too are not this pull request's", async () => {
    const { report } = await fix(
      { ...options, base: repository(wrongType) },
      { checks: [typeCheck], script: { small: () => fenced(rightMax) } },
    );
    expect(report.ending).toBe("red-on-base");
  });
});

describe("a check that no rule knows", () => {
  it("is asked about, and run as tests where nobody can tell", async () => {
    const unknown = check({ log: "something happened" });
    const { report } = await fix(broken, { checks: [unknown], script: { small: () => fenced(rightMax) } });
    expect(report).toMatchObject({ kind: "test", ending: "fixed" });
    const told = await fix(broken, {
      checks: [unknown],
      script: { choose: (options) => options.findIndex((text) => text.startsWith("Dependencies")) },
    });
    expect(told.report.kind).toBe("install");
  });
});

describe("limits", () => {
  it("end the search by the clock, and say so", async () => {
    let time = 0;
    const now = () => (time += 3 * 60_000);
    const { report, models } = await fix(broken, {
      ports: { now },
      script: { small: ({ index }) => fenced(wrongMax.replace("list[0]", `list[${index + 1}]`)) },
    });
    expect(report.ending).toBe("unfixed");
    expect(report.words).toContain("10 minutes");
    expect(models.asked.length).toBeLessThan(5);
  });

  it("end it by calls, tokens and whole runs", async () => {
    const head = {
      ...broken.head,
      ...Object.fromEntries(
        ["a", "b", "c"].map((name) => [
          `src/${name}.js`,
          `function ${name}(n) {\n  return n;\n}\nmodule.exports = { ${name} };\n`,
        ]),
      ),
    };
    const small = ({ index, subject }: { index: number; subject: string | null }) => {
      const name = subject?.split("#")[1] ?? "max";
      return fenced(`function ${name}(list) {\n  return ${index} - list.length;\n}`);
    };
    const { models, world } = await fix(
      { base: broken.base, head },
      { changed: Object.keys(head), script: { small } },
    );
    expect(models.asked.length).toBeLessThanOrEqual(25);
    expect(world.requests.filter(({ tests }) => tests === "all").length).toBeLessThanOrEqual(12);
    const long = await fix(broken, {
      script: {
        small: ({ index }) =>
          `${"word ".repeat(20_000)}\n${fenced(wrongMax.replace("list[0]", `list[${index + 1}]`))}`,
      },
    });
    expect(long.report.words).toContain("tokens");
  });

  it("leave a place whose candidates all fail in the same way", async () => {
    const same = ({ index, subject }: { index: number; subject: string | null }) =>
      subject?.endsWith("#max") === true
        ? fenced(`function max(list) {\n  const n = ${index};\n  return n * 0;\n}`)
        : "GIVE_UP: no";
    const { models } = await fix(broken, { script: { small: same } });
    expect(models.asked.filter(({ subject }) => subject?.endsWith("#max"))).toHaveLength(4);
  });

  it("stop when they are told to", async () => {
    const stop = new AbortController();
    const small = () => {
      stop.abort(new Error("stop"));
      return fenced(wrongMax.replace("list[0]", "list[1]"));
    };
    await expect(fix(broken, { ports: { signal: stop.signal }, script: { small } })).rejects.toThrow("stop");
  });
});

describe("whatever a model answers", () => {
  const pieces = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "```",
      "```js",
      "GIVE_UP: STALE",
      "GIVE_UP: x",
      "src/list.js",
      "test/list.test.js",
      "<<<<<<< SEARCH",
      "=======",
      ">>>>>>> REPLACE",
      rightMax,
      wrongMax,
      "\u202E",
      "{}",
      "    expect(max([23, 57, 31])).toBe(57);",
      "  return best;",
    ),
  );
  const answers = fc.array(pieces, { maxLength: 12 }).map((lines) => lines.join("\n"));

  it("ends in a report, and what changes source changes no test", async () => {
    await fc.assert(
      fc.asyncProperty(answers, answers, async (one, other) => {
        const { report, edits } = await fix(broken, {
          changed: ["src/list.js"],
          script: { small: () => one, large: () => other },
        });
        if (report.edits === "source") for (const path of edits.keys()) expect(isTestPath(path)).toBe(false);
        if (report.edits === null) expect(edits.size).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});
