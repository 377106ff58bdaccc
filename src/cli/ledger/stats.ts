// What calls came to, by agent, slot and model.
import type { CallOutcome, CallStatus, ModelCall } from "../../core/ledger.ts";
import { CallOutcome as Outcomes, CallStatus as Statuses } from "../../core/ledger.ts";
import { percentile, rounded } from "../bench/statistics.ts";
import { isShadow, roleOfSlot } from "./ports.ts";

export interface GroupFigures {
  readonly agent: string;
  readonly slot: string;
  readonly model: string;
  /** Replays of `errand ledger shadow`, which were nobody's errand. */
  readonly shadow: boolean;
  readonly calls: number;
  readonly statuses: Readonly<Record<CallStatus, number>>;
  /** Calls whose answer went through gates, and the share that passed all of them: 0 to 1. */
  readonly gated: number;
  readonly gatePassRate: number | null;
  /** Of the calls of which it is known whether they settled what was asked, the share that did. */
  readonly acceptedRate: number | null;
  readonly outcomes: Readonly<Record<CallOutcome, number>>;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Millionths of a dollar of the calls that have a price; `null` when none has. */
  readonly micros: number | null;
  readonly unpricedCalls: number;
  /** Milliseconds. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
}

export interface Stats {
  readonly calls: number;
  readonly groups: readonly GroupFigures[];
  /** Calls of errands by who answered, and their share of all such calls, 0 to 1. */
  readonly roles: Readonly<
    Record<"small" | "large", { readonly calls: number; readonly share: number | null }>
  >;
}

type Key = Pick<GroupFigures, "agent" | "slot" | "model" | "shadow">;

interface Tally extends Key {
  readonly statuses: Record<CallStatus, number>;
  readonly outcomes: Record<CallOutcome, number>;
  readonly latencies: number[];
  calls: number;
  gated: number;
  passed: number;
  known: number;
  accepted: number;
  inputTokens: number;
  outputTokens: number;
  micros: number;
  unpricedCalls: number;
}

const zeroes = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

const tallyOf = (key: Key): Tally => ({
  ...key,
  statuses: zeroes(Statuses.options),
  outcomes: zeroes(Outcomes.options),
  latencies: [],
  ...{ calls: 0, gated: 0, passed: 0, known: 0, accepted: 0 },
  ...{ inputTokens: 0, outputTokens: 0, micros: 0, unpricedCalls: 0 },
});

function count(tally: Tally, call: ModelCall): void {
  tally.calls++;
  tally.statuses[call.status]++;
  // What a replay notes as gates is how the other model did.
  if (!tally.shadow && call.gates.length > 0) {
    tally.gated++;
    if (call.gates.every(({ passed }) => passed)) tally.passed++;
  }
  if (call.accepted !== null) tally.known++;
  if (call.accepted === true) tally.accepted++;
  if (call.outcome !== null) tally.outcomes[call.outcome]++;
  if (call.latencyMs !== null) tally.latencies.push(call.latencyMs);
  countCost(tally, call);
}

function countCost(tally: Tally, call: ModelCall): void {
  tally.inputTokens += call.usage?.inputTokens ?? 0;
  tally.outputTokens += call.usage?.outputTokens ?? 0;
  if (call.priced) tally.micros += call.costMicros;
  else tally.unpricedCalls++;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : rounded(part / whole, 4));

function figuresOf(tally: Tally): GroupFigures {
  const { agent, slot, model, shadow, calls, statuses, gated, outcomes, inputTokens, outputTokens } = tally;
  return {
    ...{ agent, slot, model, shadow, calls, statuses, gated },
    gatePassRate: share(tally.passed, gated),
    acceptedRate: share(tally.accepted, tally.known),
    ...{ outcomes, inputTokens, outputTokens },
    micros: tally.unpricedCalls === calls ? null : tally.micros,
    unpricedCalls: tally.unpricedCalls,
    medianMs: percentile(tally.latencies, 0.5),
    p95Ms: percentile(tally.latencies, 0.95),
  };
}

const keyText = ({ agent, slot, model, shadow }: Key): string => JSON.stringify([agent, shadow, slot, model]);

/** Groups come by agent, errands before replays, slot and model. */
export async function statsOf(calls: AsyncIterable<ModelCall> | Iterable<ModelCall>): Promise<Stats> {
  const tallies = new Map<string, Tally>();
  for await (const call of calls) {
    const { agent, slot, model } = call;
    const key = { agent, slot, model, shadow: isShadow(call) };
    const tally = tallies.get(keyText(key)) ?? tallyOf(key);
    tallies.set(keyText(key), tally);
    count(tally, call);
  }
  const groups = [...tallies]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, tally]) => figuresOf(tally));
  // Screening is no errand, and the same ten calls whichever role the model has.
  const errands = groups.filter(({ shadow, slot }) => !shadow && slot !== "probe");
  const sum = (of: readonly GroupFigures[]): number => of.reduce((total, one) => total + one.calls, 0);
  const role = (name: "small" | "large") => {
    const its = sum(errands.filter(({ slot }) => roleOfSlot(slot) === name));
    return { calls: its, share: share(its, sum(errands)) };
  };
  return { calls: sum(groups), groups, roles: { small: role("small"), large: role("large") } };
}
