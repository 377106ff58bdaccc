// Models and suite behind the limits of one run: everything that costs goes through here and is counted.
import type { ModelRole } from "../../core/model.ts";
import type { Asked, AskQuestion, CallPurpose, ChooseQuestion, Chosen } from "../../core/models.ts";
import type { Suite } from "../../core/suite.ts";
import { syntaxOf } from "../../syntax/index.ts";
import { candidateRun, malformedInARow, runLimits, tokensOf } from "./limits.ts";
import type { FixPorts } from "./types.ts";

export interface Budget {
  /** The same suite, counted. */
  readonly suite: Suite;
  /** Asks once; `null` where that is over a limit. Throws the signal's reason. */
  readonly ask: (
    about: {
      readonly slot: string;
      readonly role: ModelRole;
      readonly path: string | null;
      readonly subject: string | null;
    },
    question: AskQuestion,
  ) => Promise<Asked | null>;
  /** Asks the small model to choose; `null` as above. */
  readonly choose: (slot: string, subject: string | null, question: ChooseQuestion) => Promise<Chosen | null>;
  /** What was made of an answer: whether it was of the asked form. */
  readonly read: (isWellFormed: boolean) => void;
  /** From now on the clock of the search runs, and tests get ten times what they took on the head: what a model wrote may never end. `null`: they were not run. */
  readonly begin: (headMs: number | null) => void;
  /** Why nothing more is asked of this role, in words for people; `null`: it may be. */
  readonly ended: (role: ModelRole) => string | null;
  /** Runs of tests so far, narrow ones among them. */
  readonly runs: () => number;
  /** Runs of the whole suite that are left. */
  readonly wholeRunsLeft: () => number;
}

interface Counts {
  runs: number;
  wholeRuns: number;
  calls: Record<ModelRole, number>;
  outputTokens: number;
  malformed: number;
  begun: number | null;
  /** Milliseconds of a run; `null` before the search. */
  wallMs: number | null;
}

const agent = "test-fixer";

export function openBudget(ports: FixPorts): Budget {
  const counts: Counts = {
    runs: 0,
    wholeRuns: 0,
    calls: { small: 0, large: 0 },
    outputTokens: 0,
    malformed: 0,
    begun: null,
    wallMs: null,
  };
  const ended = (role: ModelRole) => whyEnded(role, counts, ports);
  const purposeOf = (
    slot: string,
    role: ModelRole,
    path: string | null,
    subject: string | null,
  ): CallPurpose => ({
    agent,
    slot,
    role,
    subject,
    kind: path === null ? null : (syntaxOf(path)?.language ?? "other"),
  });
  return {
    suite: counted(ports.suite, counts),
    ended,
    ask: async ({ slot, role, path, subject }, question) => {
      ports.signal.throwIfAborted();
      if (ended(role) !== null) return null;
      const asked = await ports.models.ask(purposeOf(slot, role, path, subject), question);
      counts.calls[role] += asked.callIds.length;
      counts.outputTokens += tokensOf(asked.text ?? "");
      return asked;
    },
    choose: async (slot, subject, question) => {
      ports.signal.throwIfAborted();
      if (ended("small") !== null) return null;
      const chosen = await ports.models.choose(purposeOf(slot, "small", null, subject), question);
      counts.calls.small += chosen.callIds.length;
      return chosen;
    },
    read: (isWellFormed) => {
      counts.malformed = isWellFormed ? 0 : counts.malformed + 1;
    },
    begin: (headMs) => {
      counts.begun ??= ports.now();
      if (headMs !== null) counts.wallMs ??= Math.max(candidateRun.leastMs, headMs * candidateRun.times);
    },
    runs: () => counts.runs,
    wholeRunsLeft: () => Math.max(0, runLimits.wholeRuns - counts.wholeRuns),
  };
}

function counted(suite: Suite, counts: Counts): Suite {
  return {
    ...suite,
    run: (request) => {
      counts.runs += 1;
      if (request.tests === "all" && counts.begun !== null) counts.wholeRuns += 1;
      return suite.run(counts.wallMs === null ? request : { wallMs: counts.wallMs, ...request });
    },
  };
}

function whyEnded(role: ModelRole, counts: Counts, { models, now }: FixPorts): string | null {
  const { proposingMs, smallCalls, largeCalls, wholeRuns, outputTokens } = runLimits;
  if (counts.begun !== null && now() - counts.begun >= proposingMs)
    return `the ${proposingMs / 60_000} minutes for finding a fix are over`;
  if (counts.wholeRuns >= wholeRuns) return `the whole suite was run ${wholeRuns} times`;
  if (counts.outputTokens >= outputTokens) return `models have written ${outputTokens} tokens`;
  const most = role === "small" ? smallCalls : largeCalls;
  if (counts.calls[role] >= most) return `the ${role} model was asked ${most} times`;
  if (role === "small" && counts.malformed >= malformedInARow)
    return `${malformedInARow} answers in a row were not of the asked form`;
  if (!models.isAvailable(role, agent)) return `no ${role} model is to be had`;
  return null;
}
