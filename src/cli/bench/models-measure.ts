// One case up the whole ladder: rules, then models; then compared with what the developers did, and judged.
import type { ConflictedFile, FileResolution, HunkResolution } from "../../core/conflict.ts";
import type { ModelCall } from "../../core/ledger.ts";
import type { ModelUse } from "../../core/report.ts";
import { ModelTier } from "../../core/task.ts";
import { standingOf } from "../../agents/conflict-resolver/bar.ts";
import { isRight, scorerOf } from "../../merge/score.ts";
import { condemn } from "./judge/index.ts";
import type { JudgedMerge } from "./judge/index.ts";
import type { ModelCase } from "./models-cases.ts";
import type { ObservedQuestion } from "./models-observe.ts";
import type { Planted, Subjects } from "./models-plant.ts";
import { judgedFile } from "./models-judged.ts";
import { reachOf } from "./models-reach.ts";
import type { Reach } from "./models-reach.ts";

/** A file after the model tiers, and what that took. */
interface Climbed {
  readonly resolution: FileResolution;
  /** As the ledger has them. */
  readonly calls: readonly ModelCall[];
  readonly questions: readonly ObservedQuestion[];
  readonly callsSaved: number;
  readonly largeOnly: ModelUse["largeOnly"];
  readonly problems: readonly string[];
}

/** The product's model tiers, with nothing of a workspace around them. */
export type ModelLadder = (
  file: ConflictedFile,
  resolution: FileResolution,
  subjects: Subjects,
) => Promise<Climbed>;

export interface MeasuredHunk {
  readonly tier: string | null;
  readonly byModel: boolean;
  /** `null`: nothing settled it, or what the developers did is not known. */
  readonly right: boolean | null;
  /** Of a hunk that the rules left open, whether a perfect model could settle it; `null` of others, and where the resolution is not known. */
  readonly reach: Reach | null;
  /** Why it is settled, or stays open, as a report says it. */
  readonly why: string;
}

export interface MeasuredCase extends Omit<Climbed, "resolution"> {
  readonly id: string;
  readonly category: string;
  readonly hunks: readonly MeasuredHunk[];
  /** Every hunk is settled, and each by a class whose measured precision is at least the bar. */
  readonly pushable: boolean;
  /** What the judge has against the result as it would be pushed, or as a person would get it: open hunks as one side has them. Empty for nothing. */
  readonly findings: readonly string[];
}

export interface MeasureTools {
  readonly rules: (file: ConflictedFile) => Promise<FileResolution>;
  readonly ladder: ModelLadder;
  /** Puts something into the case before anything sees it; nothing, for most models. */
  readonly plant: (one: ModelCase) => Planted;
  /** Least precision of what is pushed, 0 to 1. */
  readonly bar: number;
}

export async function measureCase(one: ModelCase, tools: MeasureTools): Promise<MeasuredCase> {
  const planted = tools.plant(one);
  const { file } = planted;
  const byRule = await tools.rules(file);
  const { resolution, ...climbed } = await tools.ladder(file, byRule, planted.subjects);
  const hunks = await Promise.all(
    resolution.hunks.map((hunk, index) => measuredHunk(one, file, byRule, { hunk, index })),
  );
  const whole = resolution.hunks.every(({ settlement }) => settlement !== null);
  return {
    ...climbed,
    id: one.id,
    category: one.category,
    hunks,
    pushable: whole && resolution.hunks.every((hunk) => isAboveBar(hunk, tools.bar)),
    findings: hunks.some(({ tier }) => tier !== null) ? await findingsOf(planted, resolution) : [],
  };
}

/** By the product's own rule: what rests on a model is not measured, so it is never pushed by itself. */
const isAboveBar = ({ settlement }: HunkResolution, bar: number): boolean =>
  settlement !== null && standingOf(settlement, { bar, counts: {}, approved: false }).aboveBar;

async function measuredHunk(
  one: ModelCase,
  file: ConflictedFile,
  byRule: FileResolution,
  { hunk, index }: { readonly hunk: HunkResolution; readonly index: number },
): Promise<MeasuredHunk> {
  const { settlement, why } = hunk;
  const known = one.hunks[index];
  const byModel = settlement !== null && ModelTier.safeParse(settlement.tier).success;
  const measured = { tier: settlement?.tier ?? null, byModel, why };
  const resolution = known?.resolution ?? null;
  if (known === undefined || resolution === null) return { ...measured, right: null, reach: null };
  const score = scorerOf({ ...known, resolution });
  const open = byRule.hunks[index];
  const reach =
    open?.settlement === null
      ? await reachOf({ file, index, hunk: open.hunk, candidates: open.candidates, known, resolution })
      : null;
  return { ...measured, right: settlement === null ? null : isRight(score(settlement.text)), reach };
}

/** Open hunks stand as ours, then as theirs: what is wrong both times is not the open hunks' doing. */
async function findingsOf(planted: Planted, resolution: FileResolution): Promise<string[]> {
  const asOurs = await condemn(judged(planted, resolution, ({ hunk }) => hunk.ours));
  if (resolution.hunks.every(({ settlement }) => settlement !== null) || asOurs.length === 0) return asOurs;
  const asTheirs = await condemn(judged(planted, resolution, ({ hunk }) => hunk.theirs));
  return asTheirs.length === 0 ? [] : asOurs;
}

function judged(
  { file, lines }: Planted,
  { hunks }: FileResolution,
  whereOpen: (open: HunkResolution) => string,
): JudgedMerge {
  const texts = hunks.map((hunk) => hunk.settlement?.text ?? whereOpen(hunk));
  return { ...judgedFile(file, texts), planted: lines };
}
