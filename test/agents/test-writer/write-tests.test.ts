// The loop, on a repository in memory: every way in which it ends, and what is kept.
import { describe, expect, test } from "@jest/globals";
import { recheckTests, writeTests } from "../../../src/agents/test-writer/write-tests.ts";
import type { SuiteRun } from "../../../src/core/suite.ts";
import { worldOf } from "./world.ts";
import type { Files, Scenario } from "./world.ts";

const source = `export function price(count, member) {
  if (count < 10) {
    return count * 5;
  }
  return member ? count * 3 : count * 4;
}
`;
const other =
  'import test from "node:test";\nimport assert from "node:assert/strict";\nimport { one } from "../src/one.js";\n\ntest("one", () => {\n  assert.equal(one(), 1);\n});\n';
const unchanged: Files = {
  "package.json": "{}",
  "src/one.js": "export function one() {\n  return 1;\n}\n",
  "test/one.test.js": other,
};
const head: Files = { ...unchanged, "src/price.js": source };
const fence = (text: string) => `Here:\n\`\`\`js\n${text}\`\`\`\n`;
const aTest = (title: string, body: string) => `test("${title}", () => {\n  ${body}\n});\n`;
const few = aTest("few cost five each", "assert.equal(price(9), 45);");
const ten = aTest("ten cost four each", "assert.equal(price(10, false), 40);");
const member = aTest("members pay three", "assert.equal(price(10, true), 30);");
const imports =
  'import test from "node:test";\nimport assert from "node:assert/strict";\nimport { price } from "../src/price.js";\n\n';

async function write(scenario: Partial<Scenario>) {
  const world = worldOf({ head, base: unchanged, ...scenario });
  return { world, result: await writeTests(world.problem, world.ports) };
}

describe("writeTests", () => {
  test("writes a new file where the repository has its tests, and shows that its tests bite", async () => {
    const { result } = await write({ answers: [fence(imports + few + ten + member)] });
    expect(result.status).toBe("written");
    expect(Object.fromEntries(result.edits)).toEqual({
      "test/price.test.js":
        'import assert from "node:assert/strict";\nimport { price } from "../src/price.js";\nimport test from "node:test";\n\n' +
        [few, ten, member].join("\n"),
    });
    const [report] = result.report.functions;
    expect(report).toMatchObject({
      name: "price",
      kept: ["few cost five each", "ten cost four each", "members pay three"],
      dropped: [],
      killedBefore: 0,
      lines: 3,
      coveredBefore: 0,
      coveredAfter: 3,
    });
    expect(report?.killedAfter).toBe(report?.mutants);
    expect(report?.mutants).toBeGreaterThanOrEqual(8);
  });

  test("appends to the file that is there, line by line as it was, and imports what is missing", async () => {
    const existing =
      'import test from "node:test";\n// ours\nimport { other } from "../src/price.js";\n\ntest("old", () => { other(); })\n';
    const both = {
      ...head,
      "src/price.js": source + "\nexport function other() {}\n",
      "test/price.test.js": existing,
    };
    const { result } = await write({
      head: both,
      base: { ...both, "src/price.js": "export function other() {}\n" },
      answers: [fence(few + ten + member)],
    });
    const text = result.edits.get("test/price.test.js") ?? "";
    expect(text).toBe(
      'import test from "node:test";\n// ours\nimport { other } from "../src/price.js";\nimport assert from "node:assert/strict";\nimport { price } from "../src/price.js";\n\ntest("old", () => { other(); })\n\n' +
        [few, ten, member].join("\n"),
    );
  });

  test("drops what is vacuous, skipped, failing or flaky, each with why", async () => {
    const bad =
      aTest("always", "assert.ok(true);") +
      aTest("toothless", "assert.equal(typeof price, 'function');") +
      aTest("by chance", "assert.ok(price(1) * 100 > Math.random());") +
      aTest(
        "flaky",
        "assert.equal(flip() || price(9) === 45, true); assert.equal(price(9), 45); if (!flip() && price(3) === 15) throw 1;",
      ) +
      aTest("wrong", "assert.equal(price(9), 46);") +
      'test.skip("later", () => {\n  assert.equal(price(9), 45);\n});\n' +
      few;
    const { result } = await write({
      answers: [fence(imports + bad)],
      run: (number, _, real) => (number > 8 ? real : withoutFlakes(real)),
    });
    const [report] = result.report.functions;
    expect(report?.kept).toEqual(["few cost five each"]);
    const why = Object.fromEntries((report?.dropped ?? []).map((one) => [one.title, one.why]));
    expect(why["always"]).toBe("it asserts what is always so");
    expect(why["by chance"]).toBe("it hangs on chance");
    expect(why["later"]).toBe("it skips, marks or singles out tests");
    expect(why["wrong"]).toMatch(/^it fails: Error: 45 is not 46/);
    expect(why["toothless"]).toMatch(/^it notices none of \d+ changes/);
    expect(why["flaky"]).toMatch(/^it passed in [23] of 5 runs$/);
    const [text = ""] = result.edits.values();
    for (const title of ["always", "flaky", "toothless", "wrong", "later", "by chance"])
      expect(text).not.toContain(title);
    expect(text).not.toContain("Here:");
  });

  test("says of each answer whether a test of it was kept", async () => {
    const { world } = await write({
      answers: [
        fence(few + aTest("wrong", "assert.equal(price(20), 1);")),
        fence(aTest("toothless", "assert.equal(typeof price, 'function');")),
        fence(aTest("wrong again", "assert.equal(price(20), 2);")),
      ],
    });
    expect(world.accepted).toEqual({ "call-1": true, "call-2": false, "call-3": false });
  });

  test("shows what failed and what nothing notices, and keeps what comes of it", async () => {
    const { result, world } = await write({
      answers: [fence(few + aTest("wrong", "assert.equal(price(20), 1);")), fence(ten + member)],
    });
    expect(result.report.functions[0]?.kept).toEqual([
      "few cost five each",
      "ten cost four each",
      "members pay three",
    ]);
    const [first, second] = world.asked;
    expect([first?.slot, second?.slot]).toEqual(["write", "feedback"]);
    const said = second?.data["findings"];
    const text = said !== undefined && "text" in said ? said.text : "";
    expect(text).toContain('The test "wrong" failed:\nError: 80 is not 1');
    expect(text).toContain("No test notices this change: line 5:");
  });

  test("asks again where an answer is no test, and gives up after that", async () => {
    const { result, world } = await write({
      answers: ["No.", "```js\nconst x = 1;\n```", "```\nbroken(", fence(few)],
    });
    expect(world.asked.map(({ slot }) => slot)).toEqual(["write", "write", "write", "feedback"]);
    expect(result.status).toBe("written");
    const none = await write({ answers: ["No.", "No.", "No.", "No.", "No.", "No."] });
    expect(none.world.asked).toHaveLength(5);
    expect(none.result.status).toBe("none");
    expect(none.result.edits.size).toBe(0);
  });

  test("takes no import that is not there, nor anything beside tests", async () => {
    const { result } = await write({
      answers: [
        fence(
          'import { price, nothing } from "../lib/price.js";\nimport evil from "evil";\nprocess.exit(0);\nconst secret = 1;\n' +
            few +
            ten,
        ),
      ],
    });
    const [text = ""] = result.edits.values();
    expect(text).not.toMatch(/evil|nothing|process|secret/);
    expect(text).toContain('import { price } from "../src/price.js";');
  });

  test("says so where every line runs and every mutant is noticed", async () => {
    const tests = { ...head, "test/price.test.js": imports + few + ten + member };
    const { result, world } = await write({ head: tests, answers: [fence(few)] });
    expect(result.status).toBe("nothing");
    expect(result.report.words).toBe(
      "Every changed line of 1 function runs in tests, and they notice every fault that was put into it.",
    );
    expect(world.asked).toEqual([]);
  });

  test("writes for a function whose lines run, where mutants survive", async () => {
    const tests = {
      ...head,
      "test/price.test.js": imports + few + ten + aTest("runs", "assert.ok(price(10, true));"),
    };
    const { result } = await write({ head: tests, answers: [fence(member)] });
    const [report] = result.report.functions;
    expect(report?.kept).toEqual(["members pay three"]);
    expect(report?.coveredBefore).toBe(3);
    expect(report?.killedBefore).toBeGreaterThan(0);
    expect(report?.killedAfter).toBeGreaterThan(report?.killedBefore ?? 0);
  });

  test("a path leaves out all others", async () => {
    const { result } = await write({ only: "src/one.js", answers: [fence(few)] });
    expect(result).toMatchObject({
      status: "nothing",
      report: { words: expect.stringContaining("Under that path") },
    });
    expect((await write({ only: "nowhere", answers: [fence(few)] })).result.report.words).toContain(
      "is not in this branch",
    );
    expect((await write({ only: "src/", answers: [fence(few)] })).result.status).toBe("written");
  });

  test("says why where tests cannot be run, or tell nothing", async () => {
    expect((await write({ unavailable: "There is no sandbox." })).result).toMatchObject({
      status: "not-run",
      report: { words: "There is no sandbox." },
    });
    const stopped = await write({
      run: (_, __, real) => ({ ...real, status: "stopped", trouble: "It took too long." }),
    });
    expect(stopped.result).toMatchObject({ status: "not-run", report: { words: "It took too long." } });
  });

  test("says what is missing where no model can be asked", async () => {
    const { result } = await write({ answers: [] });
    expect(result.status).toBe("none");
    expect(result.report.words).toContain("no model can be asked");
  });

  test("keeps nothing where a test that passed before does not any more", async () => {
    const { result } = await write({
      answers: [fence(few + ten + member)],
      run: (number, { tests }, real) =>
        number === 1 || tests !== "all"
          ? real
          : { ...real, tests: real.tests.filter(({ id }) => !id.endsWith("> one")) },
    });
    expect(result.status).toBe("none");
    expect(result.edits.size).toBe(0);
    expect(result.report.words).toContain("1 of the tests that passed do not pass any more");
    expect(result.report.functions[0]?.kept).toEqual([]);
  });

  test("a mutant that stops the runner, or with which no test is there, is not counted", async () => {
    const { result } = await write({
      answers: [fence(few + ten + member)],
      run: (number, _, real) =>
        number === 3 ? { ...real, status: "stopped" } : number === 4 ? { ...real, tests: [] } : real,
    });
    const all = await write({ answers: [fence(few + ten + member)] });
    expect(result.report.functions[0]?.mutants).toBe((all.result.report.functions[0]?.mutants ?? 0) - 2);
  });

  test("never runs tests more than 60 times, and stops when the time is over", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 7 }, (_, index) => [`src/p${index}.js`, source.replace("price", `price${index}`)]),
    );
    const answer = (index: number) =>
      fence(few.replace("price(", `price${index}(`).replace("few", `few ${index}`));
    const answers = Array.from({ length: 30 }, (_, index) => answer(index % 7));
    const { world, result } = await write({ head: { ...unchanged, ...many }, answers });
    expect(world.requests.length).toBeLessThanOrEqual(60);
    expect(world.asked.length).toBeLessThanOrEqual(20);
    expect(result.report.functions.length).toBeLessThanOrEqual(5);
    const slow = await write({ answers: [fence(few)], wallMs: 400_000 });
    expect(slow.result.status).toBe("none");
    expect(slow.world.requests.length).toBeLessThanOrEqual(3);
  });

  test("ends with the signal's reason", async () => {
    const world = worldOf({ head, base: unchanged, answers: [fence(few)] });
    const signal = AbortSignal.abort(new Error("stopped by somebody"));
    await expect(writeTests(world.problem, { ...world.ports, signal })).rejects.toThrow(
      "stopped by somebody",
    );
  });
});

/** Where the world would show a flake at once, it passes. */
function withoutFlakes(run: SuiteRun): SuiteRun {
  return {
    ...run,
    tests: run.tests.map((one) => (one.id.endsWith("> flaky") ? { ...one, status: "passed" } : one)),
  };
}

describe("recheckTests", () => {
  test("judges kept tests again without a model, and gives them back as they were", async () => {
    const { result } = await write({ answers: [fence(few + ten)] });
    const world = worldOf({ head, base: unchanged });
    const kept = { edits: [...result.edits].map(([path, text]) => ({ path, text })), written: result.report };
    expect(await recheckTests(world.problem, kept, world.ports)).toEqual(result);
    expect(world.asked).toEqual([]);
    const moved = worldOf({
      head: { ...head, "src/price.js": source.replace("* 5", "* 6") },
      base: unchanged,
    });
    expect(await recheckTests(moved.problem, kept, moved.ports)).toMatchObject({
      status: "none",
      edits: new Map(),
    });
    const elsewhere = { ...kept, edits: [{ path: "src/price.js", text: "" }] };
    expect((await recheckTests(world.problem, elsewhere, world.ports)).status).toBe("none");
  });
});
