// A problem with its ports, from a world and a script of models.
import { fixTests } from "../../../src/agents/test-fixer/fix-tests.ts";
import type { FixPorts, FixProblem, FixResult } from "../../../src/agents/test-fixer/types.ts";
import type { FailedCheck } from "../../../src/core/failed-check.ts";
import { FixReport } from "../../../src/core/fix.ts";
import { noModels } from "../../../src/core/models.ts";
import { scriptedModels } from "./models.ts";
import type { Script, ScriptedModels } from "./models.ts";
import { worldOf } from "./world.ts";
import type { World, WorldOptions } from "./world.ts";

export interface Fixed extends FixResult {
  readonly world: World;
  readonly models: ScriptedModels;
  /** The head's text with the edits. */
  readonly text: (path: string) => string | undefined;
}

export interface FixOptions extends Partial<FixProblem> {
  readonly script?: Script;
  readonly ports?: Partial<FixPorts>;
}

/** Runs the loop; the report is one that can be stored. */
export async function fix(
  options: WorldOptions,
  { script, ports, ...problem }: FixOptions = {},
): Promise<Fixed> {
  const world = worldOf(options);
  const models = scriptedModels(script ?? {});
  const given: FixPorts = {
    trees: world.trees,
    suite: world.suite,
    models: script === undefined ? noModels : models,
    rerunJob: () => Promise.resolve(false),
    signal: new AbortController().signal,
    now: () => 0,
    record: () => undefined,
    ...ports,
  };
  const base = options.base === null ? null : "base";
  const result = await fixTests(
    { head: "head", base, changed: [], checks: [], seed: "seed", ...problem },
    given,
  );
  FixReport.parse(result.report);
  return { ...result, world, models, text: (path) => result.edits.get(path) ?? world.textIn("head", path) };
}

export const check = (some: Partial<FailedCheck> = {}): FailedCheck => ({
  id: 1,
  name: "CI",
  app: "github-actions",
  conclusion: "failure",
  url: "",
  annotations: [],
  log: null,
  step: null,
  results: [],
  trouble: "",
  jobId: null,
  ...some,
});

/** A library of two functions with a test for each; `max` is wrong on the head. */
export const rightMax =
  "function max(list) {\n  let best = list[0];\n  for (const one of list) if (one > best) best = one;\n  return best;\n}";
export const wrongMax = rightMax.replace("one > best", "one < best");

const library = (max: string): string =>
  `"use strict";\n\n// The largest.\n${max}\n\nfunction sum(list) {\n  return list.reduce((a, b) => a + b, 0);\n}\n\nmodule.exports = { max, sum };\n`;

export const testText = `const { max, sum } = require("../src/list");

describe("list", () => {
  test("finds the largest", () => {
    expect(max([23, 57, 31])).toBe(57);
  });

  test("adds up", () => {
    expect(sum([11, 22])).toBe(33);
  });
});
`;

export const largest = "test/list.test.js > list > finds the largest";

export const repository = (
  max: string,
  extra: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> => ({
  "src/list.js": library(max),
  "test/list.test.js": testText,
  "package.json": "{}\n",
  ...extra,
});

export const broken: WorldOptions = { base: repository(rightMax), head: repository(wrongMax) };
