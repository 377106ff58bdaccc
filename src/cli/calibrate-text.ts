// What `errand calibrate` says on a terminal.
import { memoryTier } from "../core/memory.ts";

/** Settled hunks, and those settled as the developers did. */
interface Counts {
  readonly n: number;
  readonly right: number;
}

/** A row of the precision table, as it stands here. */
export interface ClassRow {
  readonly tier: string;
  readonly class: string;
  readonly here: Counts;
  /** As measured before shipping; `lower` is the bound without this repository's counts, 0 to 1. */
  readonly shipped: Counts & { readonly lower: number };
  /** The bound with them: what is compared with the bar. */
  readonly lower: number;
  readonly push: boolean;
  readonly why: string;
}

/** What `--json` prints. */
export interface Calibration {
  /** Merges made again, of how many; and those of them with a conflict in a text file. */
  readonly merges: number;
  readonly of: number;
  readonly conflicted: number;
  /** Hunks whose resolution is known for sure. */
  readonly hunks: number;
  /** Different conflicts, each known by its three sides, with one resolution; and with several. */
  readonly remembered: number;
  readonly contradicted: number;
  readonly bar: number;
  readonly classes: readonly ClassRow[];
  /** The file that was written; `null` where none was. */
  readonly written: string | null;
}

/** Why a class may be pushed here, or may not, in a few words. */
export function reasonOf({ here, shipped, lower }: Omit<ClassRow, "why">, bar: number): string {
  if (here.n === 0) return "as measured before shipping; not met here";
  if (shipped.n === 0) {
    if (lower >= bar) return "measured here alone, often enough";
    return here.right === here.n
      ? "measured here alone, not often enough"
      : "measured here alone, and sometimes wrong";
  }
  const asShipped = shipped.lower >= bar;
  if (lower >= bar) return asShipped ? "as measured before shipping, and here" : "this history raises it";
  if (asShipped) return "this history lowers it";
  return lower > shipped.lower
    ? "this history raises it, not far enough"
    : "as measured before shipping, and here";
}

const figure = (share: number): string => share.toFixed(3);

function columns({ class: name, tier, here, shipped, lower, push, why }: ClassRow): string[] {
  const before = shipped.n === 0 ? "-" : `${shipped.right}/${shipped.n} ${figure(shipped.lower)}`;
  return [
    name === tier ? `${tier} (all)` : name,
    `${here.right}/${here.n}`,
    before,
    figure(lower),
    `${push ? "yes" : "no"}: ${why}`,
  ];
}

function table(rows: readonly string[][]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

export function calibrationText(calibration: Calibration): string {
  const { merges, of, conflicted, hunks, remembered, contradicted, classes, bar, written } = calibration;
  if (of === 0)
    return "There is no merge with two parents in this history, so there is nothing to learn from: what was measured before shipping holds.\n";
  const met = classes.find(({ tier }) => tier === memoryTier)?.here ?? { n: 0, right: 0 };
  const header = ["class", "right here", "shipped", "bound here", `may be pushed at ${bar}?`];
  return [
    `${merges} of ${of} merges made again, ${conflicted} with conflicts in text files; ${hunks} hunks with a known resolution.\n`,
    `Memory: ${remembered} conflicts with one resolution, ${contradicted} with several. ${met.n} came again in another merge, ${met.right} of them resolved the same way.\n\n`,
    table([header, ...classes.map(columns)]),
    "\nA bound is what precision is at least, with 95% confidence; one without a figure of its own stands in its parent's row.\n",
    written === null
      ? "Nothing was written; with --write, errand resolve uses what was learned.\n"
      : `Written: ${written}. errand resolve uses it; deleting it forgets.\n`,
  ].join("");
}
