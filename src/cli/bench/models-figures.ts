// The figures of `errand bench models`, from what was measured case by case.
import { ModelTier } from "../../core/task.ts";
import type { MeasuredCase, MeasuredHunk } from "./models-measure.ts";
import type { Reach } from "./models-reach.ts";
import { grouped, rounded, shareOf } from "./statistics.ts";

interface TierFigures {
  readonly settled: number;
  readonly right: number;
  readonly calls: number;
}

interface MissedHunk {
  readonly id: string;
  readonly hunk: number;
  readonly reach: Reach;
  readonly tier: string | null;
  readonly why: string;
}

interface QuestionFigures {
  readonly questions: number;
  /** Share that ended in an answer that enough samples gave; and share to which the model said NONE or CANNOT. */
  readonly agreement: number | null;
  readonly abstention: number | null;
  /** How they ended, by count. */
  readonly endings: Readonly<Record<string, number>>;
}

/** What `--json` prints. */
export interface ModelFigures {
  readonly model: string;
  readonly large: string | null;
  /** Conflicts (hunks) measured, and the cases that they are in; of hunk cases the same number. */
  readonly n: number;
  readonly cases: number;
  /** Of the cases of the file one in so many was taken, evenly spread. */
  readonly stride: number;
  readonly refused: number;
  readonly failed: number;
  /** Conflicts settled by any tier, and those of them that are the developers' own, layout and comments aside. */
  readonly settled: number;
  readonly right: number;
  readonly settledByModel: number;
  readonly rightByModel: number;
  /** Accepted from a model and not the developers'; of these nothing is pushed by itself. */
  readonly wrongAccepted: number;
  /** Settled, but what the developers did is not known. */
  readonly unjudged: number;
  /** Conflicts that stay for a person. */
  readonly left: number;
  /** Cases that would have been pushed and that the judge condemns. */
  readonly harmful: number;
  /** Cases in which an answer of a model was accepted and that the judge condemns: what a person would get by applying them. */
  readonly harmfulIfApplied: number;
  readonly pushable: number;
  /** Conflicts that the rules left open, and what a perfect model could reach of them. */
  readonly openAfterRules: number;
  readonly reachable: number;
  readonly rightOfReachable: number;
  readonly byReach: Readonly<Partial<Record<Reach, number>>>;
  /** Conflicts in a perfect model's reach that did not come out right, by case and place in it from 1; the first 50. */
  readonly missed: readonly MissedHunk[];
  readonly byTier: Readonly<Record<string, TierFigures>>;
  readonly bySlot: Readonly<Record<string, QuestionFigures>>;
  readonly calls: number;
  /** Calls that were not made because an earlier answer settled the hunk. */
  readonly callsSaved: number;
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly dollars: number;
  readonly unpricedCalls: number;
  readonly dollarsLargeOnly: number | null;
  readonly largeOnlyModel: string | null;
  /** Output tokens a second of calls, one at a time; `null` of scripted models. */
  readonly tokensPerSecond: number | null;
  readonly problems: readonly string[];
}

/** What is known of the run as a whole. */
export interface BenchFacts {
  readonly model: string;
  readonly large: string | null;
  readonly stride: number;
  readonly refused: number;
  readonly failed: number;
  /** Of a scripted model no speed is told: it would be the bench's own. */
  readonly scripted: boolean;
}

const count = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length;
const total = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

export function modelFigures(measures: readonly MeasuredCase[], facts: BenchFacts): ModelFigures {
  const { scripted, ...told } = facts;
  const hunks = measures.flatMap((one) => one.hunks);
  const calls = measures.flatMap((one) => one.calls);
  const byModel = hunks.filter((hunk) => hunk.byModel);
  const open = hunks.filter(({ reach }) => reach !== null);
  const reachable = open.filter(({ reach }) => isReachable(reach));
  const settled = hunks.filter(({ tier }) => tier !== null);
  const condemned = measures.filter(({ findings }) => findings.length > 0);
  const inputTokens = total(calls, ({ usage }) => usage?.inputTokens ?? 0);
  const outputTokens = total(calls, ({ usage }) => usage?.outputTokens ?? 0);
  const seconds = total(calls, ({ latencyMs }) => latencyMs ?? 0) / 1000;
  const largeOnly = measures.flatMap((one) => one.largeOnly ?? []);
  return {
    ...told,
    n: hunks.length,
    cases: measures.length,
    settled: settled.length,
    right: count(settled, isRightHunk),
    settledByModel: byModel.length,
    rightByModel: count(byModel, isRightHunk),
    wrongAccepted: count(byModel, ({ right }) => right === false),
    unjudged: count(settled, ({ right }) => right === null),
    left: hunks.length - settled.length,
    harmful: count(condemned, ({ pushable }) => pushable),
    harmfulIfApplied: count(condemned, (one) => one.hunks.some((hunk) => hunk.byModel)),
    pushable: count(measures, ({ pushable }) => pushable),
    openAfterRules: open.length,
    reachable: reachable.length,
    rightOfReachable: count(reachable, isRightHunk),
    byReach: Object.fromEntries(
      grouped(open, ({ reach }) => reach ?? "").map(([key, of]) => [key, of.length]),
    ),
    missed: measures.flatMap(missedHunks).slice(0, mostMissed),
    byTier: tierFigures(hunks, measures),
    bySlot: questionFigures(measures),
    calls: calls.length,
    callsSaved: total(measures, ({ callsSaved }) => callsSaved),
    tokens: inputTokens + outputTokens,
    inputTokens,
    outputTokens,
    dollars: dollarsOf(total(calls, ({ costMicros }) => costMicros)),
    unpricedCalls: count(calls, ({ priced }) => !priced),
    dollarsLargeOnly: largeOnly.length === 0 ? null : dollarsOf(total(largeOnly, ({ micros }) => micros)),
    largeOnlyModel: largeOnly[0]?.model ?? null,
    tokensPerSecond: scripted || seconds === 0 ? null : rounded(outputTokens / seconds, 1),
    problems: [...new Set(measures.flatMap(({ problems }) => problems))],
  };
}

const mostMissed = 50;

function missedHunks({ id, hunks }: MeasuredCase): MissedHunk[] {
  return hunks.flatMap(({ reach, right, tier, why }, index) =>
    reach !== null && isReachable(reach) && right !== true ? [{ id, hunk: index + 1, reach, tier, why }] : [],
  );
}

const isReachable = (reach: Reach | null): boolean => reach === "pick" || reach === "write";
const isRightHunk = ({ right }: MeasuredHunk): boolean => right === true;
const dollarsOf = (micros: number): number => rounded(micros / 1_000_000, 6);

/** The models' tiers always, the others where they settled something. */
function tierFigures(
  hunks: readonly MeasuredHunk[],
  measures: readonly MeasuredCase[],
): Record<string, TierFigures> {
  const calls = measures.flatMap((one) => one.calls);
  const settled = grouped(
    hunks.filter(({ tier }) => tier !== null),
    ({ tier }) => tier ?? "",
  );
  const slots = grouped(calls, ({ slot }) => slot);
  const names = new Set([
    ...ModelTier.options,
    ...settled.map(([tier]) => tier),
    ...slots.map(([slot]) => slot),
  ]);
  const ofTier = new Map(settled);
  const ofSlot = new Map(slots);
  return Object.fromEntries(
    [...names].map((name) => {
      const own = ofTier.get(name) ?? [];
      return [
        name,
        { settled: own.length, right: count(own, isRightHunk), calls: ofSlot.get(name)?.length ?? 0 },
      ];
    }),
  );
}

function questionFigures(measures: readonly MeasuredCase[]): Record<string, QuestionFigures> {
  const questions = grouped(
    measures.flatMap((one) => one.questions),
    ({ slot }) => slot,
  );
  return Object.fromEntries(
    questions.map(([slot, of]) => [
      slot,
      {
        questions: of.length,
        agreement: shareOf(of, ({ status }) => status === "agreed" || status === "answered"),
        abstention: shareOf(of, ({ status }) => status === "none" || status === "declined"),
        endings: Object.fromEntries(
          grouped(of, ({ status }) => status).map(([status, all]) => [status, all.length]),
        ),
      },
    ]),
  );
}
