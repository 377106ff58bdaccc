import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { describeSandboxed, sandboxFolder } from "../../support/sandbox.ts";
import { asLines, bench, scratchDirectory } from "./support.ts";
import type { Scratch } from "./support.ts";
import { cases } from "./tests-support.ts";

let scratch: Scratch;
let cache: string;
let file: string;
beforeAll(async () => {
  scratch = scratchDirectory();
  cache = await sandboxFolder();
  file = scratch.write("cases.jsonl", asLines(...Object.values(cases)));
});
afterAll(() => {
  scratch.remove();
});

const figuresOf = async (model: string, ...more: string[]): Promise<Record<string, unknown>> => {
  const ended = await bench("tests", "--cases", file, "--cache", cache, "--model", model, "--json", ...more);
  expect(ended).toMatchObject({ status: 0 });
  const figures: unknown = JSON.parse(ended.stdout);
  return { ...(figures as Record<string, unknown>) };
};

describeSandboxed("errand bench tests", () => {
  it("solves what the oracle knows, and nothing else is pushed", async () => {
    expect(await figuresOf("scripted:oracle")).toMatchObject({
      ...{ n: 5, pushed: 1, solved: 1, falselyClaimed: 0, greenRecognised: 1, errors: 0, notMaterialised: 0 },
      ...{ sandbox: "bwrap", model: "scripted:oracle" },
    });
  }, 120_000);

  it.each(["scripted:garbage", "scripted:cheater"])(
    "lets %s push nothing",
    async (model) => {
      const only = ["--only", "own,guard-overfit", "--only", "own-impossible"];
      expect(await figuresOf(model, ...only)).toMatchObject({
        n: 3,
        pushed: 0,
        falselyClaimed: 0,
        errors: 0,
      });
    },
    120_000,
  );
});

it.each([
  [["--model", "scripted:nobody"], /names no model/],
  [["--model", "scripted:oracle", "--large", "openai:gpt-6-luna"], /the large one as well/],
  [["--model", "scripted:oracle", "--only", "nothing-of-it"], /No case of/],
])("refuses %j before anything is run", async (options, why) => {
  const ended = await bench("tests", "--cases", file, ...options);
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(why);
});
