// The loop, in code: what a check is about decides the way; a model only fills slots in it, and tests have the last word.
import type { FailedCheck } from "../../core/failed-check.ts";
import { openBudget } from "./budget.ts";
import { classify } from "./classify.ts";
import { classifyWithModel } from "./classify-with-model.ts";
import { resultOf } from "./end.ts";
import type { Ended } from "./end.ts";
import { fixFailing } from "./fix-failing.ts";
import { fixFormat } from "./fix-format.ts";
import { fixTypes } from "./fix-types.ts";
import { openJournal } from "./journal.ts";
import { startAgain } from "./start-again.ts";
import type { Tools } from "./search.ts";
import type { Classified, FixPorts, FixProblem, FixResult } from "./types.ts";

/**
 * Finds out why checks fail on a tree and, where that is a fault of the code, looks for edits that put it right. Expected endings are in the result; throws only
 * the signal's reason, and what the ports throw.
 */
export async function fixTests(problem: FixProblem, ports: FixPorts): Promise<FixResult> {
  ports.signal.throwIfAborted();
  const journal = openJournal(ports.record);
  const budget = openBudget(ports);
  const tools: Tools = { budget, journal, models: ports.models };
  const classified = await classifiedOf(problem, tools);
  journal.note("classify", `${classified.kind}: ${classified.why}`);
  const ended = await endOf(classified, problem, ports, tools);
  journal.note("end", ended.ending);
  return resultOf(ended, { kind: classified.kind, steps: journal.steps(), runs: budget.runs() });
}

async function classifiedOf({ checks, seed }: FixProblem, { budget, journal }: Tools): Promise<Classified> {
  const hints = { tests: [], files: [] };
  if (checks.length === 0) return { kind: "test", why: "Nobody names a check, so the tests are run.", hints };
  const classified = classify(checks);
  if (classified.kind !== "unknown") return classified;
  const answer = await classifyWithModel(checks, budget, seed);
  if (answer === null) {
    journal.note("classify", `${classified.why} It is looked into as failing tests.`);
    return { ...classified, kind: "test", why: "Nobody can tell, so the tests are run." };
  }
  return { ...classified, ...answer };
}

async function endOf(
  classified: Classified,
  problem: FixProblem,
  ports: FixPorts,
  tools: Tools,
): Promise<Ended> {
  switch (classified.kind) {
    case "infrastructure":
      return startAgain(problem.checks, classified, ports, tools.journal);
    case "install":
      return { ending: "not-run", words: installWords(classified, problem.checks) };
    case "lint":
      return fixFormat(problem, ports, { suite: tools.budget.suite, journal: tools.journal });
    case "type":
      return fixTypes(problem, ports, tools);
    case "test":
    case "unknown":
      return fixFailing(problem, ports, tools);
  }
}

const longestQuote = 300;

function installWords({ why }: Classified, checks: readonly FailedCheck[]): string {
  const lines = checks.flatMap(({ log }) => (log ?? "").split("\n"));
  const telling = lines
    .findLast((line) => /\b(?:ERR!|error|ERROR|failed)\b/.test(line))
    ?.trim()
    .slice(0, longestQuote);
  const said = telling === undefined ? "" : ` The log says: ${telling}`;
  return `Dependencies could not be installed. ${why}${said} Nothing was run: see to the lockfile, the registry or its credentials, then run the check again.`;
}
