// What rules left open in a file, settled by models: the most telling hunk first, and after each answer the rest is ranked anew before anything else is asked.
import type { MergeRules } from "../../core/agent.ts";
import type { ConflictedFile, FileResolution, Settlement } from "../../core/conflict.ts";
import type { Remembered } from "../../core/memory.ts";
import type { Models } from "../../core/models.ts";
import { hunkSubject, settlementKey } from "../../core/settlement-key.ts";
import type { ModelSettlement, ModelWork } from "../../core/task.ts";
import { categoryOf } from "../../merge/rank/features/path-kind.ts";
import { settledTexts } from "../../merge/hunks.ts";
import { siblingsOf } from "../../merge/siblings.ts";
import type { Settled } from "../../merge/siblings.ts";
import { besideModelAnswer } from "./bar.ts";
import { agentName, climb } from "./climb.ts";
import { judge, refusal } from "./gates.ts";
import { pickSamples, longestFile } from "./limits.ts";
import { withRedeclared } from "./redeclared.ts";
import { openHunk } from "./show.ts";
import {
  addStep,
  explain,
  explainOpen,
  hunkAt,
  reorder,
  settle,
  settledIn,
  standingAtFirst,
} from "./standing.ts";
import type { Standing } from "./standing.ts";
import { takeBackIfBroken, wholeFileTokens } from "./whole-file.ts";

/** Everything that the model tiers need; no workspace is among it. */
export interface ModelTierContext {
  readonly models: Models;
  readonly merge: Pick<MergeRules, "resolve" | "parseErrors">;
  readonly memory: readonly Remembered[];
  /** Hunks of the merge's earlier files that are settled for certain. */
  readonly siblings: readonly Settled[];
  /** Newest commit subject of each side that touches the file; `null` where there is none. */
  readonly subjects: { readonly ours: string | null; readonly theirs: string | null };
  /** What models settled before in this run, or in the proposal that is applied: taken without asking. */
  readonly settlements: readonly ModelSettlement[];
  readonly keepSettlement: (settlement: ModelSettlement) => Promise<void>;
  /** Nothing is asked any more: a person has approved what there is. */
  readonly approved: boolean;
  /** Of the run's hunks that models may be asked about, those that are left. */
  readonly hunksLeft: number;
  readonly signal: AbortSignal;
  /** A line for people, as soon as there is one. */
  readonly record: (step: string) => void;
}

export interface ModelSettled {
  readonly resolution: FileResolution;
  readonly work: ModelWork;
  /** Hunks that a model was asked about. */
  readonly asked: number;
  /** What was recorded. */
  readonly steps: readonly string[];
  /** Guidelines that models propose: for people to read. */
  readonly guidance: readonly string[];
}

/**
 * Settles what it can of the hunks that `resolution` leaves open. What a model settles is judged by gates alone, in the file and at the end the whole file once
 * more; hunks that were settled before stay as they are. Rejects only as `models`, `merge` and `keepSettlement` do, and when `signal` is aborted.
 */
export async function settleWithModels(
  file: ConflictedFile,
  resolution: FileResolution,
  context: ModelTierContext,
): Promise<ModelSettled> {
  const standing = standingAtFirst(resolution, context.settlements);
  const whyNot = whyNotAsked(file, resolution);
  if (whyNot === null) await settleOpen(file, standing, context);
  else if (isAvailable(context)) explainOpen(standing, whyNot);
  // Of those that were asked about before, nothing was saved.
  const saved = [...standing.beside].filter((index) => !standing.done.has(index)).length * pickSamples;
  const wholeFiles = wholeFileTokens(file, standing.resolution);
  const takenBack = await takeBackIfBroken(file, standing, asWhole(context));
  return {
    resolution: standing.resolution,
    work: { callsSaved: takenBack ? 0 : saved, wholeFiles },
    asked: standing.asked,
    steps: standing.steps,
    guidance: standing.guidance,
  };
}

/** The whole file is judged for names declared twice, too. What is wrong with it may be told in its own words, so the record has only that something is. */
const asWhole = ({
  models,
  merge,
  record,
}: ModelTierContext): Pick<ModelTierContext, "models" | "merge" | "record"> => ({
  models,
  merge: { ...merge, parseErrors: withRedeclared(merge.parseErrors) },
  record: () => {
    record("models' answers were taken back: the whole file was refused");
  },
});

/** Why models have no part in a file at all, as a sentence; `null` where they may. */
function whyNotAsked(
  { path, ours, theirs }: ConflictedFile,
  { regeneration }: FileResolution,
): string | null {
  const isManifest = path.split("/").at(-1) === "package.json";
  if (regeneration !== null || isManifest || categoryOf(path) === "lockfile")
    return "Models are not asked about package.json and lockfiles: they decide what is installed.";
  return Math.max(ours.length, theirs.length) > longestFile
    ? "The file is too large to ask models about it."
    : null;
}

const noSubjects = { ours: null, theirs: null };

const isAvailable = ({ models, approved }: ModelTierContext): boolean =>
  !approved && (models.isAvailable("small", agentName) || models.isAvailable("large", agentName));

async function settleOpen(
  file: ConflictedFile,
  standing: Standing,
  context: ModelTierContext,
): Promise<void> {
  const couldAsk = isAvailable(context);
  for (let index = nextOpen(standing); index !== null; index = nextOpen(standing)) {
    context.signal.throwIfAborted();
    standing.done.add(index);
    const key = settlementKey(file.path, hunkAt(standing, index).hunk);
    const isSettled = await settleOne({ file, index, key }, standing, { ...context, couldAsk });
    if (isSettled) await rankRest(file, standing, context);
    else standing.failed.add(key);
  }
}

/** Whether the hunk is settled now: by what a model answered before, or by asking. */
async function settleOne(
  place: Place,
  standing: Standing,
  context: ModelTierContext & { readonly couldAsk: boolean },
): Promise<boolean> {
  const { index, key } = place;
  const known = standing.known.get(key);
  if (known !== undefined && (await takeKnown(place, known, standing, context))) return true;
  const whyNot = whyNotNow(key, standing, context);
  if (whyNot === null) return askAbout(place, standing, context);
  if (whyNot !== "" && known === undefined) explain(standing, index, whyNot);
  return false;
}

/** Why nobody is asked now, as a sentence ("": nobody ever was to be); `null` where somebody is. */
function whyNotNow(
  key: string,
  { failed, asked }: Standing,
  context: ModelTierContext & { readonly couldAsk: boolean },
): string | null {
  if (failed.has(key)) return "Another hunk with the same sides stays open.";
  if (!context.couldAsk) return "";
  if (asked >= context.hunksLeft) return "The run's limit of hunks that models are asked about was reached.";
  return isAvailable(context) ? null : "No model could be asked about it any more.";
}

const nextOpen = ({ resolution, done }: Standing): number | null =>
  resolution.openHunks.find((index) => !done.has(index)) ?? null;

interface Place {
  readonly file: ConflictedFile;
  readonly index: number;
  readonly key: string;
}

/** Whether an earlier answer to the same sides was taken. The gates judge it all the same: they look at the file as it is now. */
async function takeKnown(
  { file, index }: Place,
  known: ModelSettlement,
  standing: Standing,
  { merge, record }: ModelTierContext,
): Promise<boolean> {
  const { hunk, candidates } = hunkAt(standing, index);
  const written = known.tier !== "pick" && !candidates.some(({ text }) => text === known.text);
  const open = openHunk(file, index, [], { subjects: noSubjects, settled: [] });
  const context = open ? [open.before, open.after] : [];
  const texts = settledTexts(standing.resolution);
  const refused = refusal(await judge({ text: known.text, written, file, index, texts, context }, merge));
  const what = `hunk ${index + 1}: ${known.tier}, as answered before`;
  addStep(standing, refused === null ? what : `${what}: refused by ${refused.name}`, record);
  if (refused !== null) {
    explain(standing, index, `An earlier answer of a model was not taken: ${refused.evidence}.`);
    return false;
  }
  settle(standing, index, { hunk, settlement: withoutKey(known), why: known.why, candidates });
  standing.byModel.set(index, { callIds: [], verdicts: [] });
  return true;
}

const withoutKey = ({ tier, class: name, text, why }: ModelSettlement): Settlement => ({
  tier,
  class: name,
  text,
  why,
});

async function askAbout(
  { file, index, key }: Place,
  standing: Standing,
  context: ModelTierContext,
): Promise<boolean> {
  const { models, merge, subjects, siblings, record } = context;
  const { hunk, candidates, why } = hunkAt(standing, index);
  const settled = [...siblings, ...settledIn(standing.resolution)];
  const open = openHunk(file, index, candidates, { subjects, settled });
  if (open === null) return false;
  const texts = settledTexts(standing.resolution);
  const climbed = await climb({
    open,
    subject: hunkSubject(file.path, index + 1),
    key,
    models,
    judge: ({ text, written }) =>
      judge({ text, written, file, index, texts, context: [open.before, open.after] }, merge),
  });
  if (climbed.asked) standing.asked++;
  for (const line of climbed.steps) addStep(standing, `hunk ${index + 1}: ${line}`, record);
  if (climbed.guidance !== null) standing.guidance.push(climbed.guidance);
  const { settlement } = climbed;
  if (settlement === null) {
    settle(standing, index, { hunk, settlement, why: `${why} ${climbed.why}`, candidates });
    return false;
  }
  // Kept before anything else is asked: neither a crash nor `apply` may pay twice, or get another answer.
  await context.keepSettlement(settlement);
  standing.known.set(key, settlement);
  settle(standing, index, { hunk, settlement: withoutKey(settlement), why: settlement.why, candidates });
  standing.byModel.set(index, climbed);
  return true;
}

/** Whether what the ranker settles beside a model's answer passes the gates that the answer itself had to pass. */
async function passes(
  { file, index }: Pick<Place, "file" | "index">,
  text: string,
  { resolution }: Standing,
  merge: Pick<MergeRules, "parseErrors">,
): Promise<boolean> {
  const texts = settledTexts(resolution);
  return refusal(await judge({ text, written: false, file, index, texts, context: [] }, merge)) === null;
}

/** What a model settled tells about the rest, by the ranker alone: nobody is asked. */
async function rankRest(
  file: ConflictedFile,
  standing: Standing,
  { merge, memory, siblings, record }: ModelTierContext,
): Promise<void> {
  if (standing.resolution.openHunks.length === 0) return;
  const own = [...standing.byModel.keys()]
    .toSorted((a, b) => a - b)
    .map((index) => {
      const { hunk, settlement } = hunkAt(standing, index);
      return { path: file.path, hunk, text: settlement?.text ?? "", index };
    });
  const ranked = await merge.resolve(file, { memory, siblings: siblingsOf(siblings, own) });
  for (const index of standing.resolution.openHunks) {
    const again = ranked.hunks[index];
    if (again?.settlement && (await passes({ file, index }, again.settlement.text, standing, merge))) {
      standing.beside.add(index);
      settle(standing, index, { ...again, settlement: besideModelAnswer(again.settlement) });
      addStep(standing, `hunk ${index + 1}: ranked beside a model's answer`, record);
    } else if (again && again.candidates.length > 0) {
      settle(standing, index, { ...hunkAt(standing, index), candidates: again.candidates });
    }
  }
  reorder(standing);
}
