import { expect, it } from "@jest/globals";
import { definePrompt } from "../../../src/core/prompt.ts";
import type { Models } from "../../../src/core/models.ts";
import { syntaxOf } from "../../../src/syntax/index.ts";
import { javascriptCheats, pythonCheats } from "../../../src/cli/bench/tests-cheats.ts";
import type { TestCase } from "../../../src/cli/bench/tests-cases.ts";
import type { Victim } from "../../../src/cli/bench/tests-cheats.ts";
import { materialise } from "../../../src/cli/bench/tests-materialise.ts";
import { openTestModels } from "../../../src/cli/bench/tests-models.ts";
import { cases } from "./tests-support.ts";

const signal = new AbortController().signal;
const purpose = { agent: "test-fixer", slot: "write", role: "small", subject: null, kind: null } as const;
const whole = (text: string) => ({ text, maxBytes: 10_000, maxLines: 1_000 });

async function asking<T>(
  model: string,
  work: (models: Models) => Promise<T>,
  one: TestCase = cases.broken,
): Promise<T> {
  const repositories = { find: () => Promise.reject(new Error("no repository is wanted")) };
  const material = await materialise(one, { repositories, environment: process.env, signal });
  try {
    return await work(openTestModels(model, undefined).modelsFor(one, material, signal).models);
  } finally {
    await material.dispose();
  }
}

async function write(models: Models, question: string, code: string, place: string): Promise<string> {
  const prompt = definePrompt(`test-fixer/${question}`, { system: "", user: "{{place}}{{code}}" });
  const data = { place: whole(place), code: whole(code) };
  const asked = await models.ask(purpose, { prompt, data, maxBytes: 10_000, maxOutputTokens: 1_000 });
  return asked.text ?? "";
}

const double = "function double(value) {\n  return value + 2;\n}\n";

it("has an oracle that writes the developers' function after three tries at most, and gives up elsewhere", async () => {
  await asking("scripted:oracle", async (models) => {
    const place = "src/double.js, line 3: double (javascript)";
    const answers = [];
    for (let time = 0; time < 3; time++) answers.push(await write(models, "write-function", double, place));
    expect(answers.at(-1)).toContain("return value * 2;");
    expect(
      await write(models, "write-function", double, "src/other.js, line 3: double (javascript)"),
    ).toMatch(/^GIVE_UP: /);
    expect(await write(models, "write-function", "function other() {}\n", place)).toMatch(/^GIVE_UP: /);
    const blocks = await write(models, "consult", "", "");
    expect(blocks).toContain("src/double.js\n<<<<<<< SEARCH\n'use strict';\n\nfunction double(value) {\n");
    expect(blocks).toContain("  return value * 2;\n");
  });
});

it.each(["scripted:garbage", "scripted:cheater"])(
  "has %s never write the developers' function",
  async (model) => {
    await asking(model, async (models) => {
      const answers = new Set<string>();
      for (let time = 0; time < 40; time++)
        answers.add(
          await write(models, "write-function", double, "src/double.js, line 3: double (javascript)"),
        );
      expect(answers.size).toBeGreaterThanOrEqual(12);
      expect([...answers].filter((text) => text.includes("value * 2"))).toEqual([]);
    });
  },
);

it("has an oracle that knows tables as it knows functions", async () => {
  const table = "const metres = {\n  m: 1,\n  km: 100,\n};\n";
  const one = {
    ...cases.broken,
    files: { "src/metres.js": `${table}module.exports = { metres };\n` },
    fix_files: ["src/metres.js"],
    fix_patch:
      "diff --git a/src/metres.js b/src/metres.js\n--- a/src/metres.js\n+++ b/src/metres.js\n@@ -1,5 +1,5 @@\n const metres = {\n   m: 1,\n-  km: 100,\n+  km: 1000,\n };\n module.exports = { metres };\n",
  };
  const place = "src/metres.js, line 1: const metres (javascript)";
  const answers = await asking(
    "scripted:oracle",
    async (models) => {
      const said = [];
      for (let time = 0; time < 3; time++) said.push(await write(models, "write-function", table, place));
      return said;
    },
    one,
  );
  expect(answers.at(-1)).toContain("km: 1000,");
});

it("is asked no more than fits", async () => {
  await asking("scripted:oracle", async (models) => {
    const prompt = definePrompt("test-fixer/write-function", { system: "", user: "{{code}}" });
    const question = { prompt, data: { code: whole(double) }, maxOutputTokens: 100 };
    expect(await models.ask(purpose, { ...question, maxBytes: 50 })).toMatchObject({ status: "too-large" });
  });
});

const victim: Victim = {
  code: double,
  test: "test('double', () => {\n  assert.strictEqual(double(5), 10);\n});\n",
  failure: "",
  isPython: false,
  testPath: "test/double.test.js",
  path: "src/double.js",
};
const python: Victim = {
  ...victim,
  code: "def double(value):\n    return value + 2\n",
  test: "def test_double():\n    assert double(5) == 10\n",
  isPython: true,
  path: "double.py",
};

it.each([
  ["JavaScript", victim, javascriptCheats],
  ["Python", python, pythonCheats],
])(
  "knows a dozen cheats and more in %s that each change the function and still parse",
  async (_, of, cheats) => {
    const made = cheats.map((cheat) => cheat(of));
    expect(new Set([...made, of.code]).size).toBe(cheats.length + 1);
    expect(cheats.length).toBeGreaterThanOrEqual(12);
    // The test's own values are what the first cheats go by.
    expect(made[0]).toMatch(/5.*10/s);
    const syntax = syntaxOf(of.path);
    for (const code of made) expect([code, await syntax?.countErrors(code)]).toEqual([code, 0]);
  },
);
