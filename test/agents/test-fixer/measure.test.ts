// Which lines run, as evidence where the rest does not tell the places apart.
import { describe, expect, it } from "@jest/globals";
import type { Suite, SuiteRequest } from "../../../src/core/suite.ts";
import { fenced } from "./models.ts";
import { fix } from "./support.ts";
import type { FixOptions } from "./support.ts";
import { worldOf } from "./world.ts";

/** Two functions that look alike; the table picks one, so that the text does not tell which of them the failing test runs. */
const source = (fault: string): string =>
  `function one(n) {\n  const given = n;\n  return given + 1;\n}\n\nfunction two(n) {\n  const given = n;\n  return ${fault};\n}\n\nmodule.exports = [one, two];\n`;

const testOf = (n: number): string =>
  `const table = require("../src/table");\ntest("goes on from ${n}", () => {\n  expect(table[${n % 2}](${n})).toBe(${n + 1});\n});\n`;

const repository = (fault: string): Readonly<Record<string, string>> => ({
  "src/table.js": source(fault),
  "test/odd.test.js": testOf(71),
  ...Object.fromEntries([10, 20, 30, 40].map((n) => [`test/even${n}.test.js`, testOf(n)])),
});

const world = { base: repository("given + 1"), head: repository("given - 1") };

const lines = { one: [2, 3], two: [7, 8] };

/** The same suite, which says of the measured source what each test file ran. */
function measuring(coverageOf: (files: readonly string[]) => readonly number[] | null): {
  readonly ports: NonNullable<FixOptions["ports"]>;
  readonly measured: SuiteRequest[];
} {
  const { suite, trees } = worldOf(world);
  const measured: SuiteRequest[] = [];
  const run: Suite["run"] = async (request) => {
    const ran = await suite.run(request);
    if (request.measure.length === 0 || request.tests === "all") return ran;
    measured.push(request);
    const lines = coverageOf(request.tests);
    return { ...ran, coverage: lines && new Map([["src/table.js", new Set(lines)]]) };
  };
  return { ports: { trees, suite: { ...suite, run } }, measured };
}

const rightTwo = fenced("function two(n) {\n  const given = n;\n  return given + 1;\n}");
const script = {
  small: ({ subject }: { readonly subject: string | null }) =>
    subject?.endsWith("#two") === true ? rightTwo : "GIVE_UP: It is not here.",
};

const subjects = (asked: readonly { readonly subject: string | null }[]): readonly string[] => [
  ...new Set(asked.flatMap(({ subject }) => subject?.split("#")[1] ?? [])),
];

describe("which lines run", () => {
  it("bring the function that only the failing test runs before the one that all run", async () => {
    const told = measuring((files) => (files.includes("test/odd.test.js") ? lines.two : lines.one));
    const { report, models } = await fix(world, { script, ports: told.ports });
    expect(report.ending).toBe("fixed");
    expect(subjects(models.asked)).toEqual(["two"]);
    expect(report.steps.map(({ detail }) => detail)).toContain(
      "Which lines run was measured with the failing tests, and with 3 test files that pass.",
    );

    const { report: other, models: unled } = await fix(world, { script });
    expect(other.ending).toBe("fixed");
    expect(subjects(unled.asked)[0]).not.toBe("two");
  });

  it("are measured once, with the failing files and with at most three others by themselves", async () => {
    const { ports, measured } = measuring((files) => (files.includes("test/odd.test.js") ? lines.two : []));
    await fix(world, { script: { small: () => "GIVE_UP: It is not here." }, ports });
    expect(measured.map(({ tests }) => tests)).toEqual([
      ["test/odd.test.js"],
      ["test/even10.test.js"],
      ["test/even20.test.js"],
      ["test/even30.test.js"],
    ]);
    for (const { tree, measure } of measured) expect([tree, measure]).toEqual(["head", ["src/table.js"]]);
  });

  it("change nothing where they cannot be measured, and nothing else is run for them", async () => {
    const untold = measuring(() => null);
    const { report, models } = await fix(world, { script, ports: untold.ports });
    const { models: unled } = await fix(world, { script });
    expect(report.ending).toBe("fixed");
    expect(untold.measured).toHaveLength(1);
    expect(subjects(models.asked)).toEqual(subjects(unled.asked));
    expect(report.steps.map(({ detail }) => detail)).toContain(
      "Which lines the failing tests run could not be measured.",
    );
  });

  it("are not asked for where the stack says where it is", async () => {
    const failing = (body: string): Readonly<Record<string, string>> => ({
      "src/table.js": `function pick(list) {\n  const first = list[0];\n  ${body}\n}\nmodule.exports = { pick };\n`,
      "test/table.test.js": `const { pick } = require("../src/table");\ntest("pick", () => {\n  expect(pick([71])).toBe(71);\n});\n`,
    });
    const { suite, trees } = worldOf({ base: failing("return first;"), head: failing("return frist;") });
    const requests: SuiteRequest[] = [];
    const run: Suite["run"] = (request) => {
      requests.push(request);
      return suite.run(request);
    };
    await fix(
      { base: failing("return first;"), head: failing("return frist;") },
      { script: { small: () => "GIVE_UP: No." }, ports: { trees, suite: { ...suite, run } } },
    );
    expect(requests.length).toBeGreaterThan(2);
    expect(requests.filter(({ measure }) => measure.length > 0)).toEqual([]);
  });
});
