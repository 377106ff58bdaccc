// What people read of the checks: names are told apart from sentences, whatever is in them.
import { expect, it } from "@jest/globals";
import { judgementInSentences } from "../../../../src/agents/conflict-resolver/prove/judgement-in-sentences.ts";
import type { Judgement } from "../../../../src/checks/judge.ts";
import type { CommandRun } from "../../../../src/core/checks.ts";

const none = { names: [], total: 0 };
const judgement = (changes: Partial<Judgement>): Judgement => ({
  verdict: "not-proven",
  passed: 0,
  hunks: [],
  brokenTests: none,
  typeErrors: none,
  lostTests: none,
  newFailures: none,
  flakyTests: none,
  failedCommands: [],
  troubles: [],
  rerun: null,
  ...changes,
});
const ran = (changes: Partial<CommandRun> = {}): CommandRun => {
  return {
    name: "test",
    command: "npm test",
    status: "failed",
    trouble: "",
    output: "",
    wallMs: 1,
    ...changes,
  };
};
const said = (changes: Partial<Judgement>, ...commands: CommandRun[]): string =>
  judgementInSentences(judgement(changes), { commands, typeErrors: [], tests: null, coverage: null });

it("names what broke, five of each kind, between backticks that nothing in them closes", () => {
  const brokenTests = { names: ["one", "a `b`\nc", "3", "4", "5", "6"], total: 12 };
  const typeErrors = { names: ["a.ts: TS2345"], total: 1 };
  expect(said({ verdict: "broken", brokenTests, typeErrors }, ran())).toBe(
    "Broken: 12 tests that passed before no longer do; 1 type error that neither branch has. " +
      "No longer passing: `one`, `a 'b' c`, `3`, `4`, `5`, and 7 more. New type errors: `a.ts: TS2345`. Run: `npm test`.",
  );
});

it("tells each trouble and each command once, and of a command that was stopped nothing twice", () => {
  const trouble = "No lockfile.";
  const commands = [
    ran({ trouble }),
    ran({ trouble }),
    ran({ status: "stopped", trouble: "The test hangs." }),
  ];
  expect(said({}, ...commands)).toBe("Not proved: no test passed. No lockfile. Run: `npm test`.");
  expect(
    said({ verdict: "unknown", troubles: ["On the merge the test hangs."] }, ran({ status: "stopped" })),
  ).toBe("Not proved: on the merge the test hangs. Run: `npm test`.");
});
