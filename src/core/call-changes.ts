// What becomes of a row of the ledger, and what rows say together: the same rules wherever the rows lie.
import { modelClass, type CallNote, type ModelCall, type SettledCall, type SpendScope } from "./ledger.ts";
import type { LocalCounts } from "./memory.ts";

/** The row as it is first written: what it reserves counts in exactly these scopes, and as its cost. */
export function reservedCall(call: ModelCall, scopes: readonly SpendScope[]): ModelCall {
  return {
    ...call,
    status: "reserved",
    costMicros: call.reservedMicros,
    scopes: scopes.map(({ key }) => key),
  };
}

/** `null` when it is not `reserved`: a call is settled once. Every sum of its scopes changes by its cost less what was reserved. */
export function settledCall(call: ModelCall, settled: SettledCall): ModelCall | null {
  const { status, failure, usage, costMicros, latencyMs, contents } = settled;
  return call.status === "reserved"
    ? { ...call, status, failure, usage, costMicros, latencyMs, contents }
    : null;
}

/** What was reserved stays its cost: whether the server was asked is not known. `null` when it is not `reserved`, or began at `before` or later. */
export function lostCall(call: ModelCall, before: number): ModelCall | null {
  return call.status === "reserved" && call.at < before ? { ...call, status: "lost" } : null;
}

export function notedCall(call: ModelCall, note: CallNote): ModelCall {
  const { contents } = call;
  return {
    ...call,
    gates: note.gates === undefined ? call.gates : [...note.gates],
    accepted: note.accepted ?? call.accepted,
    status: note.status ?? call.status,
    outcome: note.outcome ?? call.outcome,
    outcomeAt: note.outcomeAt ?? call.outcomeAt,
    contents: contents && {
      ...contents,
      target: note.target ?? contents.target,
      meaning: note.meaning ?? contents.meaning,
    },
  };
}

/** Negative when `one` began first; calls of the same millisecond are in the order of their ids. */
export function byTime(one: Pick<ModelCall, "at" | "id">, other: Pick<ModelCall, "at" | "id">): number {
  if (one.at !== other.at) return one.at - other.at;
  if (one.id === other.id) return 0;
  return one.id < other.id ? -1 : 1;
}

/** What a call was about, among all calls: subjects are an agent's own words, and without one it was about the run. */
export function aboutOf({ runId, agent, subject }: Pick<ModelCall, "runId" | "agent" | "subject">): string {
  return JSON.stringify([runId, agent, subject]);
}

/** What is needed of a call to count it. */
export type CountedCall = Pick<
  ModelCall,
  "id" | "at" | "runId" | "number" | "agent" | "subject" | "slot" | "model" | "kind" | "accepted" | "outcome"
>;

const isRight = { accepted: true, edited: false, reverted: false, "ci-red": false, abstained: null } as const;

/** Right answers of one class that one pull request can bring: its hunks are much alike, and one yes covers them all. */
const mostRightOfPull = 5;

/** One conflict of one pull request, however many runs it took: asking again makes no second case of it. */
function caseOf({ runId, number, agent, subject }: CountedCall): string {
  return JSON.stringify([number === 0 ? runId : number, agent, subject]);
}

/** Whose answers are counted: those of other agents have slots of the same names, and say nothing of conflicts. */
const countedAgent = "conflict-resolver";

/** Of each conflict the newest answer that was taken, and of which something is known. */
function newestOf(calls: readonly CountedCall[]): readonly CountedCall[] {
  const newest = new Map<string, CountedCall>();
  for (const call of calls) {
    if (call.agent !== countedAgent) continue;
    if (call.accepted !== true || call.outcome === null || isRight[call.outcome] === null) continue;
    const before = newest.get(caseOf(call));
    if (before === undefined || byTime(before, call) < 0) newest.set(caseOf(call), call);
  }
  return [...newest.values()];
}

/** Without the right answers of a class of which one pull request has brought enough. */
function bounded(calls: readonly CountedCall[]): readonly CountedCall[] {
  const rightOf = new Map<string, number>();
  return calls.filter(({ slot, model, kind, number, outcome }) => {
    if (outcome !== "accepted") return true;
    const pull = JSON.stringify([number, slot, modelClass(model, kind)]);
    const right = (rightOf.get(pull) ?? 0) + 1;
    rightOf.set(pull, right);
    return right <= mostRightOfPull;
  });
}

/** `Ledger.outcomeCounts` of calls of one repository, in any order. */
export function countOutcomes(calls: readonly CountedCall[]): LocalCounts {
  const slots = new Map<string, Map<string, { n: number; right: number }>>();
  for (const { slot, model, kind, outcome } of bounded(newestOf(calls))) {
    const name = modelClass(model, kind);
    const classes = slots.get(slot) ?? new Map<string, { n: number; right: number }>();
    const { n, right } = classes.get(name) ?? { n: 0, right: 0 };
    slots.set(slot, classes.set(name, { n: n + 1, right: right + (outcome === "accepted" ? 1 : 0) }));
  }
  return Object.fromEntries([...slots].map(([slot, classes]) => [slot, Object.fromEntries(classes)]));
}
