// Model calls, answers and limits to put into a ledger.
import type { CallContents, ModelCall, SettledCall, SpendScope } from "../../src/core/ledger.ts";
import { somePull, unique } from "./fixtures.ts";

/** Long ago, so that nothing in a store may depend on the clock of this machine. */
export const longAgo = 1_700_000_000_000;

export const someContents: CallContents = {
  system: "Answer with a letter.",
  user: 'hostile \u0000 \ud83d\ude00 \u2028 "\\ \n',
  answer: "B",
  target: null,
  meaning: null,
};

export function someCall(changes: Partial<ModelCall> = {}): ModelCall {
  const n = unique();
  const { installationId, owner, repo, number } = somePull();
  return {
    ...{ id: `call-${n}`, runId: `run-${n}`, installationId, owner, repo, number, fromFork: false },
    ...{ agent: "conflict-resolver", slot: "pick", model: "openai:org/small@here", promptHash: "00" },
    ...{ subject: "src/a.ts#0", kind: "code", sample: 0, attempt: 1, at: longAgo, status: "reserved" },
    ...{ failure: null, usage: null, priced: true, reservedMicros: 10, costMicros: 10, scopes: [] },
    ...{ latencyMs: null, gates: [], accepted: null, outcome: null, outcomeAt: null, contents: null },
    ...changes,
  };
}

export function someScope(limitMicros: number, changes: Partial<SpendScope> = {}): SpendScope {
  return { name: "run", key: `run:${unique()}`, limitMicros, expiresAt: longAgo, ...changes };
}

export function someAnswer(costMicros: number, changes: Partial<SettledCall> = {}): SettledCall {
  const usage = { inputTokens: 7, cachedTokens: 0, cacheWriteTokens: 0, outputTokens: 1 };
  return { status: "answered", failure: null, usage, costMicros, latencyMs: 5, contents: null, ...changes };
}
