// What logged answers say, by who asked: a word means one thing to the conflict resolver and another to the test fixer.
import { describe, expect, it } from "@jest/globals";
import { answerSaying, isComparable, isWellFormed, readSaid } from "../../../src/cli/ledger/answers.ts";
import { exportRows } from "../../../src/cli/ledger/export-rows.ts";
import { questionsOf } from "../../../src/cli/ledger/questions.ts";
import { callOf, pickTexts } from "./support.ts";

const fixed = "The bound is off by one.\n```ts\nreturn a <= b;\n```\n";
const choice = "CHOICE: A";
const { user } = pickTexts("h\n", ["one\n", "two\n"], "");

describe("an answer", () => {
  it("to the conflict resolver's consult names an option, to the test fixer's it is what was written", () => {
    const resolver = { agent: "conflict-resolver", slot: "consult", user };
    expect(readSaid({ ...resolver, answer: choice })).toEqual({ text: "one\n", written: false });
    expect(isWellFormed({ ...resolver, answer: fixed })).toBe(false);
    const fixer = { agent: "test-fixer", slot: "consult", user };
    expect(readSaid({ ...fixer, answer: fixed })).toEqual({ text: fixed, written: true });
    expect(isWellFormed({ ...fixer, answer: fixed })).toBe(true);
    expect(answerSaying(fixed, fixer)).toEqual({ answer: fixed, spelt: true });
    expect(readSaid({ ...fixer, answer: " \n" })).toBeNull();
    expect(isWellFormed({ ...fixer, answer: " \n" })).toBe(false);
  });

  it.each([
    ["conflict-resolver", "pick"],
    ["test-fixer", "pick"],
    ["test-fixer", "classify"],
  ])("to %s's %s is a label", (agent, slot) => {
    const call = { agent, slot, user };
    expect(readSaid({ ...call, answer: '{"choice":"B"}' })).toEqual({ text: "two\n", written: false });
    expect(isWellFormed({ ...call, answer: "```\ntwo\n```" })).toBe(false);
    expect(answerSaying("two\n", call)).toEqual({ answer: '{"choice":"B"}', spelt: false });
    expect(isComparable(call)).toBe(true);
  });
});

describe("an accepted fix", () => {
  const contents = { system: "", user: "fix it", answer: fixed, target: null, meaning: null };
  const call = callOf({ agent: "test-fixer", slot: "write", subject: "parse in a.ts", contents });

  it("is exported word for word, as a model's words", () => {
    const { rows, left } = exportRows([call], { includeModelOutputs: true, holdout: 0 });
    expect(rows.map(({ messages, modelOutput }) => [messages[2]?.content, modelOutput])).toEqual([
      [fixed, true],
    ]);
    expect(left.noTarget).toBe(0);
    expect(exportRows([call], { includeModelOutputs: false, holdout: 0 }).left.modelOutput).toBe(1);
  });

  it("is no truth to hold another model against: other fixes are as right", () => {
    expect(questionsOf([call]).map(({ kept }) => kept)).toEqual([null]);
  });
});
