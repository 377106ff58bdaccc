// How a candidate did on logged questions beside the model that answered them, and whether that is enough to promote it.
import type { ModelCall } from "../../core/ledger.ts";
import { wilsonLower } from "../../merge/precision.ts";
import type { Counts } from "../../merge/precision.ts";
import { grouped, rounded } from "../bench/statistics.ts";

/** Held against what people kept; `abstained`: it gave no answer, or its samples did not say the same. */
export type Answered = "right" | "wrong" | "abstained";

/** One question, both models on it. */
export interface Verdict {
  readonly agent: string;
  readonly slot: string;
  readonly candidate: Answered;
  readonly incumbent: Answered;
}

export interface Measured extends Counts {
  readonly abstained: number;
  /** Share of its answers that people kept, 0 to 1; `null` where it gave none. */
  readonly precision: number | null;
  /** Wilson's one-sided 95% lower bound of that. */
  readonly lower: number;
}

export interface Evidence {
  readonly agent: string;
  readonly slot: string;
  readonly questions: number;
  readonly candidate: Measured;
  readonly incumbent: Measured;
  readonly bar: { readonly met: boolean; readonly why: string };
}

/** Fewer answers than this say too little, of either model: a loose bound of the old one would be a low bar. */
const leastAnswers = 50;

function measure(answers: readonly Answered[]): Measured {
  const right = answers.filter((answer) => answer === "right").length;
  const abstained = answers.filter((answer) => answer === "abstained").length;
  const n = answers.length - abstained;
  return {
    ...{ n, right, abstained },
    precision: n === 0 ? null : rounded(right / n, 4),
    lower: wilsonLower({ n, right }),
  };
}

function barOf(candidate: Measured, incumbent: Measured): Evidence["bar"] {
  for (const [who, { n }] of [
    ["candidate", candidate],
    ["present model", incumbent],
  ] as const) {
    if (n < leastAnswers)
      return {
        met: false,
        why: `The ${who} answered ${n} of these questions; ${leastAnswers} are needed to tell.`,
      };
  }
  const [its, bar] = [candidate.lower.toFixed(3), incumbent.lower.toFixed(3)];
  const met = candidate.lower >= incumbent.lower;
  return {
    met,
    why: `The candidate's answers are right at least ${its} of the time (95% confidence), ${met ? "and" : "but"} the present model's ${bar}.`,
  };
}

/** One for each agent and slot, sorted. */
export function evidenceOf(verdicts: readonly Verdict[]): Evidence[] {
  return grouped(verdicts, ({ agent, slot }) => JSON.stringify([agent, slot])).flatMap(([, group]) => {
    const [first] = group;
    if (first === undefined) return [];
    const candidate = measure(group.map((one) => one.candidate));
    const incumbent = measure(group.map((one) => one.incumbent));
    const { agent, slot } = first;
    return [{ agent, slot, questions: group.length, candidate, incumbent, bar: barOf(candidate, incumbent) }];
  });
}

/** The gate under which a replay's row says how the present model did on the same question; absent where that abstained. */
const incumbentGate = "present model right";

/** What is noted at a replay's calls of one question, so that `promote` finds it. */
export function noteOf({ candidate, incumbent }: Pick<Verdict, "candidate" | "incumbent">) {
  return {
    outcome: outcomes[candidate],
    gates: incumbent === "abstained" ? [] : [{ name: incumbentGate, passed: incumbent === "right" }],
  };
}

const outcomes = { right: "accepted", wrong: "edited", abstained: "abstained" } as const;

/** The inverse of `noteOf`, over the calls of a replay: one verdict for each question, known by its subject. Calls without an outcome belong to a replay that was cut short. */
export function verdictsOf(calls: readonly ModelCall[]): Verdict[] {
  return grouped(calls, ({ agent, slot, subject }) => JSON.stringify([agent, slot, subject])).flatMap(
    ([, group]) => {
      const noted = group.find(({ outcome }) => outcome !== null);
      if (noted === undefined) return [];
      const { agent, slot, outcome, gates } = noted;
      const gate = gates.find(({ name }) => name === incumbentGate);
      const candidate = outcome === "accepted" ? "right" : outcome === "edited" ? "wrong" : "abstained";
      const incumbent = gate === undefined ? "abstained" : gate.passed ? "right" : "wrong";
      return [{ agent, slot, candidate, incumbent }];
    },
  );
}
