// `errand calibrate`: what a repository's own past merges say of the rules, and which of them may push here.
import { ownVariables } from "../config/process-environment.ts";
import { learn, memoryTier } from "../core/memory.ts";
import type { LocalCounts, MergeLesson, Remembered } from "../core/memory.ts";
import { measuredRows, precisionOf } from "../merge/precision.ts";
import { createMergeThread } from "../merge/thread/merge-client.ts";
import { openLocalPast } from "../workspace/local-past.ts";
import type { LocalPast } from "../workspace/local-past.ts";
import { calibrationText, reasonOf } from "./calibrate-text.ts";
import type { Calibration, ClassRow } from "./calibrate-text.ts";
import { writeLocalMemory } from "./local-memory.ts";

interface CalibrateOptions {
  /** Merges to make again at most. */
  readonly max: number;
  /** The push bar, 0 to 1. */
  readonly bar: number;
  readonly json?: boolean;
  readonly write?: boolean;
}

/** Learns from the repository around the working directory and prints it. Throws `AppError("input")` where there is none. */
export async function calibrate(options: CalibrateOptions): Promise<void> {
  const stop = new AbortController();
  const interrupted = (): void => {
    stop.abort(new Error("interrupted"));
  };
  process.once("SIGINT", interrupted);
  const past = await openLocalPast(process.cwd(), {
    max: options.max,
    environment: ownVariables(),
    signal: stop.signal,
  });
  try {
    const learned = await learnAll(past, stop.signal);
    const written = options.write === true ? await writeLocalMemory(past.gitDirectory, learned) : null;
    const { merges, conflicted, hunks, counts, resolutions } = learned;
    const calibration: Calibration = {
      merges,
      of: past.count,
      conflicted,
      hunks,
      remembered: resolutions.filter(({ contradicted }) => !contradicted).length,
      contradicted: resolutions.filter(({ contradicted }) => contradicted).length,
      bar: options.bar,
      classes: classRows(counts, options.bar),
      written,
    };
    process.stdout.write(
      options.json === true ? `${JSON.stringify(calibration, null, 2)}\n` : calibrationText(calibration),
    );
  } finally {
    process.off("SIGINT", interrupted);
    await past.close();
  }
}

interface Learned {
  readonly merges: number;
  readonly conflicted: number;
  /** Hunks whose resolution is known. */
  readonly hunks: number;
  readonly counts: LocalCounts;
  readonly resolutions: readonly Remembered[];
}

/** Ends early, with what was learned so far, when the signal is aborted. */
async function learnAll(past: LocalPast, signal: AbortSignal): Promise<Learned> {
  const rules = createMergeThread();
  const known = new Map<string, Remembered>();
  const learned = { merges: 0, conflicted: 0, hunks: 0, counts: {} as LocalCounts };
  const show = progressOf(past.count);
  const take = (lesson: MergeLesson): void => {
    const { counts, changed } = learn(learned.counts, known, lesson);
    learned.counts = counts;
    learned.hunks += lesson.hunks.length;
    for (const one of changed) known.set(one.key, one);
  };
  try {
    for await (const merge of past.merges()) {
      const lesson = merge.files.length === 0 ? null : await rules.learn(merge);
      if (lesson !== null) take(lesson);
      learned.merges++;
      if (merge.files.length > 0) learned.conflicted++;
      show(learned.merges, learned.conflicted);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await rules.close();
  }
  return { ...learned, resolutions: [...known.values()] };
}

/** A line on standard error that is written over on a terminal, and otherwise one for every hundred merges. */
function progressOf(of: number): (merges: number, conflicted: number) => void {
  const { stderr } = process;
  return (merges, conflicted) => {
    const text = `${merges} of ${of} merges made again, ${conflicted} with conflicts`;
    if (stderr.isTTY) stderr.write(`\r${text}${merges === of ? "\n" : ""}`);
    else if (merges % 100 === 0 || merges === of) stderr.write(`${text}\n`);
  };
}

/** What decides here: every row of the table that was met here or may push as shipped, and memory. */
function classRows(counts: LocalCounts, bar: number): ClassRow[] {
  const met = Object.entries(counts).flatMap(([tier, classes]) =>
    Object.keys(classes).map((name) => ({ tier, class: name })),
  );
  const rows = new Map<string, ClassRow>();
  const pushed = measuredRows().filter(({ tier, class: name }) => precisionOf(tier, name).lower >= bar);
  for (const { tier, class: name } of [...met, ...pushed]) {
    const shipped = precisionOf(tier, name);
    const here = precisionOf(tier, name, counts);
    const row = {
      tier,
      class: here.from,
      here: here.local,
      shipped: { n: shipped.n, right: shipped.right, lower: shipped.lower },
      lower: here.lower,
      push: here.lower >= bar,
    };
    rows.set(`${tier} ${here.from}`, { ...row, why: reasonOf(row, bar) });
  }
  return [...rows.values()].sort(byTierAndClass);
}

/** Memory first, as it is asked first. */
function byTierAndClass(one: ClassRow, other: ClassRow): number {
  const key = ({ tier, class: name }: ClassRow) => `${tier === memoryTier ? 0 : 1} ${tier} ${name}`;
  return key(one) < key(other) ? -1 : 1;
}
