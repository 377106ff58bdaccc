// What becomes of models' answers, as labels on rows of the ledger. Pure: the same news twice gives no label the second time.
import type { CallNote, CallOutcome, ModelCall } from "../core/ledger.ts";
import type { PastFile } from "../core/memory.ts";
import type { Run } from "../core/run.ts";
import { sameLines } from "../core/same-lines.ts";
import { hunkSubject, settlementKey } from "../core/settlement-key.ts";
import { ModelTier } from "../core/task.ts";
import { errandOf } from "./errand.ts";

/** A run, and the calls that were made for it. */
export interface AskedRun {
  readonly run: Run;
  readonly calls: readonly ModelCall[];
}

export interface Label {
  readonly ids: readonly string[];
  readonly note: Pick<CallNote, "outcome" | "target">;
}

/** Stronger news overrides weaker; equal news is none. */
const strength: Record<CallOutcome, number> = {
  abstained: 0,
  accepted: 1,
  edited: 2,
  "ci-red": 3,
  reverted: 4,
};

/** The label for those of the calls to which the outcome is news; none where it is not. */
export function labelled(calls: readonly ModelCall[], outcome: CallOutcome, target?: string): Label[] {
  const ids = calls
    .filter((call) => call.outcome === null || strength[outcome] > strength[call.outcome])
    .map(({ id }) => id);
  return ids.length === 0 ? [] : [{ ids, note: { outcome, ...(target !== undefined && { target }) } }];
}

/** Calls whose answers settled what was asked. */
export function settling({ calls }: AskedRun): readonly ModelCall[] {
  return calls.filter(({ accepted }) => accepted === true);
}

/** Whether its answers are about hunks, which can be found again in what people commit. Answers of the other errands are in the branch, or they are not. */
export const isAboutHunks = ({ run }: Pick<AskedRun, "run">): boolean => errandOf(run) === "fix-conflicts";

/**
 * Questions that no model settled, once the run has come to the end of its tasks. A choice without a subject (what a check is about, where to look first) settles
 * nothing by itself, so nothing is said of it.
 */
export function abstentions(asked: AskedRun): Label[] {
  const { run, calls } = asked;
  if (run.endedAt === null || (run.report?.tasks ?? []).length === 0) return [];
  // A worker may have ended between keeping a settlement and noting that the call was accepted: the report knows it.
  const settled = new Set<string | null>([
    ...settledSubjects(run),
    ...settling(asked).flatMap(({ subject }) => subject ?? []),
  ]);
  return labelled(
    calls.filter(({ subject, accepted }) => subject !== null && accepted !== true && !settled.has(subject)),
    "abstained",
  );
}

function settledSubjects({ report }: Run): string[] {
  const hunks = (report?.tasks ?? []).flatMap(({ outcome }) => outcome.hunks);
  return hunks
    .filter(({ settled, tier }) => settled && ModelTier.safeParse(tier).success)
    .map(({ path, index }) => hunkSubject(path, index));
}

/** The runs that pushed what this run made, bit for bit: itself, or one that applied its proposal. */
export function pushesOf(run: Run, runs: readonly Run[]): (Run & { readonly commitSha: string })[] {
  const { headSha, baseSha } = run;
  const tree = run.report?.tree ?? null;
  return runs.flatMap((other) => {
    const commitSha = other.report?.commitSha ?? null;
    const same = other.headSha === headSha && other.baseSha === baseSha && other.report?.tree === tree;
    return tree !== null && same && commitSha !== null ? [{ ...other, commitSha }] : [];
  });
}

/** What the push of a run's tree says of what models settled in it: of hunks by the report's word, of fixes and tests by the agent's. */
export function acceptances(asked: AskedRun, runs: readonly Run[]): Label[] {
  if (pushesOf(asked.run, runs).length === 0) return [];
  const settled = settling(asked);
  if (!isAboutHunks(asked)) return labelled(settled, "accepted");
  const pushed = new Set<string | null>(settledSubjects(asked.run));
  return labelled(
    settled.filter(({ subject }) => pushed.has(subject)),
    "accepted",
  );
}

/**
 * Whether checks of a pushed commit speak against it: one fails that did not fail on the head before it. A fix is also wrong where each check that failed before
 * it fails still.
 */
export function isRed(run: Run, before: readonly string[], after: readonly string[]): boolean {
  if (after.some((name) => !before.includes(name))) return true;
  return errandOf(run) === "fix-tests" && before.length > 0 && before.every((name) => after.includes(name));
}

/** What people's resolutions of the run's hunks say of the answers about them. */
export function comparisons({ run, calls }: AskedRun, files: readonly PastFile[]): Label[] {
  return files.flatMap(({ file: { path, segments }, resolutions }) => {
    const hunks = segments.flatMap((segment) => (segment.kind === "hunk" ? [segment] : []));
    return hunks.flatMap((hunk, index) => {
      const text = resolutions[index] ?? null;
      if (text === null || markerLine.test(text)) return [];
      const about = calls.filter(({ subject }) => subject === hunkSubject(path, index + 1));
      const settled = about.filter(({ accepted }) => accepted === true);
      const key = settlementKey(path, hunk);
      const settlement = run.settlements.findLast((one) => one.key === key);
      const targets = targetOf(about, text);
      if (settled.length === 0 || settlement === undefined) return targets;
      const same = sameLines(settlement.text, text);
      return [...targets, ...(same ? labelled(settled, "accepted") : labelled(settled, "edited", text))];
    });
  });
}

/** What is committed with markers in it is resolved by nobody. */
const markerLine = /^(?:<{7}|>{7})(?: |$)/m;

/** Where a model had no answer, what people wrote is what there was to learn. */
function targetOf(about: readonly ModelCall[], text: string): Label[] {
  const ids = about.filter(wantsTarget).map(({ id }) => id);
  return ids.length === 0 ? [] : [{ ids, note: { target: text } }];
}

/** Whether people's resolution of what was asked may still be learned from. */
export function wantsTarget({ outcome, contents }: ModelCall): boolean {
  return outcome === "abstained" && contents !== null && contents.target === null;
}
