// The figures of `errand bench files`, from what was measured file by file.
import type { FileMeasure } from "./measure-files.ts";
import { grouped, rounded, shareOf } from "./statistics.ts";
import { percent, renderTable } from "./table.ts";
import type { Row } from "./table.ts";

/** Counts of files. */
interface Counts {
  readonly n: number;
  /** Files of which every hunk is settled; those that then equal the developers' file, byte for byte; and with layout aside. */
  readonly wholeSettled: number;
  readonly wholeRight: number;
  readonly wholeRightNormalised: number;
  /** Files that would be pushed at the bar, and those of them that are right as above. */
  readonly pushable: number;
  readonly pushableRight: number;
  readonly pushableRightNormalised: number;
}

interface TierFigures {
  /** Hunks it settled, and their share of all hunks. */
  readonly settled: number;
  readonly coverage: number | null;
  /** Settled hunks of which the developers' file tells what they did there, and the share of those that is right. */
  readonly judged: number;
  readonly precision: number | null;
}

/** What `--json` prints. */
export interface FileFigures extends Counts {
  /** Lines of the file that are no cases, and files on which something threw. */
  readonly refused: number;
  readonly failed: number;
  /** Least precision of what is pushed. */
  readonly bar: number;
  readonly hunks: number;
  /** Files that had better be written anew by their tool. */
  readonly regenerate: number;
  /** Mean, on this machine: git's merge and the rules. */
  readonly secondsPerFile: number | null;
  /** `parsedEqual`: results that parse to the developers' values. */
  readonly packageJson: { readonly n: number; readonly wholeSettled: number; readonly parsedEqual: number };
  readonly byTier: Readonly<Record<string, TierFigures>>;
  readonly byCategory: Readonly<Record<string, Counts>>;
}

const count = <T>(items: readonly T[], holds: (item: T) => boolean): number => items.filter(holds).length;

export function fileFigures(
  measures: readonly FileMeasure[],
  { refused, bar }: { readonly refused: number; readonly bar: number },
): FileFigures {
  const seconds = measures.reduce((sum, measure) => sum + measure.seconds, 0);
  const packages = measures.filter(({ packageJson }) => packageJson);
  const categories = grouped(measures, ({ category }) => category);
  return {
    ...countsOf(measures),
    refused,
    failed: count(measures, ({ failure }) => failure !== null),
    bar,
    hunks: measures.reduce((sum, { hunks }) => sum + hunks, 0),
    regenerate: count(measures, ({ regenerate }) => regenerate),
    secondsPerFile: measures.length === 0 ? null : rounded(seconds / measures.length, 4),
    packageJson: {
      n: packages.length,
      wholeSettled: count(packages, ({ whole }) => whole),
      parsedEqual: count(packages, ({ parsedEqual }) => parsedEqual === true),
    },
    byTier: tierFigures(measures),
    byCategory: Object.fromEntries(categories.map(([category, of]) => [category, countsOf(of)])),
  };
}

function countsOf(measures: readonly FileMeasure[]): Counts {
  const pushable = measures.filter((measure) => measure.pushable);
  return {
    n: measures.length,
    wholeSettled: count(measures, ({ whole }) => whole),
    wholeRight: count(measures, ({ right }) => right),
    wholeRightNormalised: count(measures, ({ rightNormalised }) => rightNormalised),
    pushable: pushable.length,
    pushableRight: count(pushable, ({ right }) => right),
    pushableRightNormalised: count(pushable, ({ rightNormalised }) => rightNormalised),
  };
}

function tierFigures(measures: readonly FileMeasure[]): Record<string, TierFigures> {
  const hunks = measures.reduce((sum, measure) => sum + measure.hunks, 0);
  const settled = measures.flatMap((measure) => measure.settled);
  const figures = grouped(settled, ({ tier }) => tier).map(([tier, of]) => {
    const judged = of.filter(({ right }) => right !== null);
    const precision = shareOf(judged, ({ right }) => right === true);
    const coverage = rounded(of.length / hunks, 4);
    return [tier, { settled: of.length, coverage, judged: judged.length, precision }] as const;
  });
  return Object.fromEntries(figures);
}

/** The figures for people. */
export function fileText(figures: FileFigures): string {
  const { n, refused, failed, hunks, bar, secondsPerFile, packageJson, byTier, byCategory } = figures;
  const asked = [
    `${n} files, ${hunks} hunks`,
    ...(refused > 0 ? [`${refused} lines refused`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    `${secondsPerFile ?? "–"} s a file`,
  ];
  const categories = Object.entries(byCategory).toSorted(([, one], [, other]) => other.n - one.n);
  const tiers = Object.entries(byTier).map(([tier, { settled, coverage, judged, precision }]) => ({
    tier,
    "hunks settled": settled,
    "of all": percent(coverage),
    judged,
    right: percent(precision),
  }));
  return [
    `${asked.join("; ")}\n`,
    renderTable(`Files, and what would be pushed at a bar of ${bar}`, [
      countsRow("all", figures),
      ...categories.map(([category, counts]) => countsRow(category, counts)),
    ]),
    ...(tiers.length > 0 ? [renderTable("Hunks by tier", tiers)] : []),
    `package.json: ${packageJson.parsedEqual} of ${packageJson.n} parse to the developers' values, ${packageJson.wholeSettled} settled whole.\n`,
  ].join("\n");
}

function countsRow(files: string, counts: Counts): Row {
  return {
    files,
    n: counts.n,
    "settled whole": counts.wholeSettled,
    right: counts.wholeRight,
    "right, layout aside": counts.wholeRightNormalised,
    pushable: counts.pushable,
    "right of those": counts.pushableRight,
    "layout aside": counts.pushableRightNormalised,
  };
}
