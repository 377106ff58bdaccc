// The figures of `errand bench merge`, from what was measured hunk by hunk.
import { isRight } from "../../merge/score.ts";
import type { HunkMeasure, Judgement } from "./measure-hunks.ts";
import { grouped, percentile, shareOf } from "./statistics.ts";
import { percent, renderTable } from "./table.ts";
import type { Row } from "./table.ts";

/** Shares of all hunks, 0 to 1. "Normalised" counts answers that are exact, or equal with comments and layout aside. */
interface Shares {
  readonly exact: number | null;
  readonly normalised: number | null;
  /** One of the first three answers is right, normalised; and exact. */
  readonly top3: number | null;
  readonly top3Exact: number | null;
  /** Any answer is. */
  readonly oracle: number | null;
  readonly oracleExact: number | null;
  /** Hunks whose first answer reaches the probability that stands for a precision of 90%, chosen beforehand. */
  readonly coverageAt90: number | null;
  /** Share of those, not of all hunks, that are right, normalised; `null` when there are none. */
  readonly precisionAt90: number | null;
  /** Hunks that are settled, and the share of those that are right, normalised. */
  readonly settled: number | null;
  readonly rightWhenSettled: number | null;
}

interface GroupFigures extends Pick<Shares, "exact" | "normalised" | "top3"> {
  readonly n: number;
  readonly siblings: Pick<Shares, "exact" | "normalised">;
}

/** What `--json` prints. */
export interface HunkFigures extends Shares {
  readonly n: number;
  /** Lines of the file that are no cases. */
  readonly refused: number;
  /** Hunks whose resolver threw; they count as unanswered. */
  readonly failed: number;
  readonly siblings: Shares;
  /** Milliseconds an answer took, the hunk alone, on this machine. */
  readonly medianMs: number | null;
  readonly p99Ms: number | null;
  readonly byLanguage: Readonly<Record<string, GroupFigures>>;
  readonly byCategory: Readonly<Record<string, GroupFigures>>;
}

export function hunkFigures(
  measures: readonly HunkMeasure[],
  { refused, failed }: { readonly refused: number; readonly failed: number },
): HunkFigures {
  const times = measures.map(({ ms }) => ms);
  return {
    n: measures.length,
    refused,
    failed,
    ...sharesOf(measures.map(({ alone }) => alone)),
    siblings: sharesOf(measures.map(({ siblings }) => siblings)),
    medianMs: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
    byLanguage: groupFigures(measures, ({ language }) => language),
    byCategory: groupFigures(measures, ({ category }) => category),
  };
}

function sharesOf(judgements: readonly Judgement[]): Shares {
  const right = (of: readonly Judgement[]) => shareOf(of, ({ first }) => isRight(first));
  return {
    exact: shareOf(judgements, ({ first }) => first === "exact"),
    normalised: right(judgements),
    top3: shareOf(judgements, ({ firstThree }) => isRight(firstThree)),
    top3Exact: shareOf(judgements, ({ firstThree }) => firstThree === "exact"),
    oracle: shareOf(judgements, ({ any }) => isRight(any)),
    oracleExact: shareOf(judgements, ({ any }) => any === "exact"),
    coverageAt90: shareOf(judgements, ({ covered }) => covered),
    precisionAt90: right(judgements.filter(({ covered }) => covered)),
    settled: shareOf(judgements, ({ settled }) => settled),
    rightWhenSettled: right(judgements.filter(({ settled }) => settled)),
  };
}

function groupFigures(
  measures: readonly HunkMeasure[],
  keyOf: (measure: HunkMeasure) => string,
): Record<string, GroupFigures> {
  const figures = grouped(measures, keyOf).map(([key, of]) => {
    const { exact, normalised, top3 } = sharesOf(of.map(({ alone }) => alone));
    const known = sharesOf(of.map(({ siblings }) => siblings));
    const siblings = { exact: known.exact, normalised: known.normalised };
    return [key, { n: of.length, exact, normalised, top3, siblings }] as const;
  });
  return Object.fromEntries(figures);
}

/** The figures for people. */
export function hunkText(figures: HunkFigures): string {
  const { n, refused, failed, medianMs, p99Ms, byLanguage, byCategory } = figures;
  const asked = [
    `${n} hunks`,
    ...(refused > 0 ? [`${refused} lines refused`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    `median ${medianMs ?? "–"} ms, 99th percentile ${p99Ms ?? "–"} ms`,
  ];
  return [
    `${asked.join("; ")}\n`,
    renderTable("First answers against the developers' own", [
      shareRow("each hunk alone", figures),
      shareRow("earlier hunks of the merge known", figures.siblings),
    ]),
    renderTable("By language", groupRows(byLanguage)),
    renderTable("By category", groupRows(byCategory)),
  ].join("\n");
}

function shareRow(asked: string, shares: Shares): Row {
  return {
    asked,
    exact: percent(shares.exact),
    normalised: percent(shares.normalised),
    "top 3": percent(shares.top3),
    any: percent(shares.oracle),
    "covered at 90%": percent(shares.coverageAt90),
    "right of those": percent(shares.precisionAt90),
    settled: percent(shares.settled),
    "right when settled": percent(shares.rightWhenSettled),
  };
}

function groupRows(groups: Readonly<Record<string, GroupFigures>>): Row[] {
  const bySize = Object.entries(groups).toSorted(([, one], [, other]) => other.n - one.n);
  return bySize.map(([key, { n, exact, normalised, top3, siblings }]) => ({
    of: key,
    n,
    exact: percent(exact),
    normalised: percent(normalised),
    "top 3": percent(top3),
    "exact, earlier known": percent(siblings.exact),
    "normalised, earlier known": percent(siblings.normalised),
  }));
}
