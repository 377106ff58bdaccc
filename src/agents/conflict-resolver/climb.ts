// The model tiers for one hunk: a small model picks, then writes; the large one is consulted once. Code judges every answer, and none twice.
import type { GateVerdict } from "../../core/ledger.ts";
import { modelClass } from "../../core/ledger.ts";
import type { CallPurpose, Models } from "../../core/models.ts";
import type { ModelSettlement, ModelTier } from "../../core/task.ts";
import { answerKey } from "../../merge/rank/answer-key.ts";
import { categoryOf } from "../../merge/rank/features/path-kind.ts";
import { asSentence } from "./consult-answer.ts";
import { consult } from "./consult.ts";
import { leftOut, refusal, verdictsOf } from "./gates.ts";
import type { Gate } from "./gates.ts";
import { generate } from "./generate.ts";
import { longestWhy } from "./limits.ts";
import { pick } from "./pick.ts";
import type { OpenHunk } from "./show.ts";
import type { Proposal, Tier, TierAnswer } from "./tier.ts";

export const agentName = "conflict-resolver";

const tiers: Readonly<Record<ModelTier, Tier>> = { pick, generate, consult };

interface ClimbContext {
  readonly open: OpenHunk;
  /** How the ledger names the hunk. */
  readonly subject: string;
  /** Names path and sides: the settlement is kept under it. */
  readonly key: string;
  readonly models: Models;
  readonly judge: (proposal: Proposal) => Promise<readonly Gate[]>;
}

/** How a hunk came out of the climb. */
export interface Climbed {
  /** `null`: it stays open. */
  readonly settlement: ModelSettlement | null;
  /** For people: how it was settled, or what was asked and why it stays open. */
  readonly why: string;
  /** Whether any model was asked. */
  readonly asked: boolean;
  /** The calls whose answer settled it, and what the gates said of that. */
  readonly callIds: readonly string[];
  readonly verdicts: readonly GateVerdict[];
  /** A sentence that the large model would have as a guideline. Data: nothing reads it but people. */
  readonly guidance: string | null;
  /** A line for each tier that said something: its name, and what became of its answer. */
  readonly steps: readonly string[];
}

/** What was said and refused on the way up. */
interface Log {
  readonly said: string[];
  readonly steps: string[];
  readonly refused: { readonly text: string; readonly why: string }[];
  asked: boolean;
  guidance: string | null;
}

/** Asks tier after tier until one settles the hunk. Every answer is noted in the ledger with what the gates said of it. */
export async function climb(context: ClimbContext): Promise<Climbed> {
  const { models } = context;
  const log: Log = { said: [], steps: [], refused: [], asked: false, guidance: null };
  const hasSmall = (): boolean => models.isAvailable("small", agentName);
  let tier: ModelTier | null = hasSmall() ? "pick" : "consult";
  while (tier !== null) {
    // What does not fit a small model's question is for a person: the large one is asked about what was tried, or where no small one answers any more.
    const untried = hasSmall() && !log.asked;
    if (tier === "consult" && (untried || !models.isAvailable("large", agentName))) break;
    const { next, settled } = await askTier(tier, context, log);
    if (settled !== null) return { ...settled, ...endOf(log) };
    tier = next;
  }
  const why = sentenceOf(log.said, log.guidance);
  return { settlement: null, why, callIds: [], verdicts: [], ...endOf(log) };
}

const endOf = ({ asked, guidance, steps }: Log) => ({ asked, guidance, steps });

type SettledHere = Pick<Climbed, "settlement" | "why" | "callIds" | "verdicts">;

async function askTier(
  tier: ModelTier,
  { open, subject, key, models, judge }: ClimbContext,
  log: Log,
): Promise<{ readonly next: ModelTier | null; readonly settled: SettledHere | null }> {
  const kind = categoryOf(open.path);
  const purpose = (slot: ModelTier): CallPurpose => {
    const role = slot === "consult" ? "large" : "small";
    return { agent: agentName, slot, role, subject, kind };
  };
  const answer = await tiers[tier]({ open, models, purpose, seed: key }, log);
  const { proposal, callIds, next } = answer;
  const judged = proposal && (await judgedOnce(proposal, open, log.refused, judge));
  if (callIds.length > 0) await models.note(callIds, noteOf(answer, judged));
  const words = logged(log, tier, answer, judged?.refused ?? null);
  if (proposal === null || judged === null) return { next, settled: null };
  if (judged.refused !== null) {
    log.refused.push({ text: proposal.text, why: judged.refused.evidence });
    return { next, settled: null };
  }
  const left = proposal.written ? leftOut(proposal.text, open.hunk) : "";
  const why = sentenceOf([words, left], log.guidance);
  const settlement = { key, tier, class: modelClass(proposal.model, kind), text: proposal.text, why };
  return { next, settled: { settlement, why, callIds, verdicts: judged.verdicts } };
}

/** Adds to the log what a tier came to; returns it in words. Those are for people: what a server, a model or a gate says may hold code, so no step has them. */
function logged(log: Log, tier: ModelTier, answer: TierAnswer, refused: Gate | null): string {
  const { said, callIds, guidance = null } = answer;
  const words = joined([said, refused === null ? "" : `It was not taken: ${refused.evidence}.`]);
  log.asked ||= callIds.length > 0;
  log.guidance = guidance ?? log.guidance;
  log.said.push(words);
  if (words !== "") log.steps.push(`${tier}: ${becameOf(answer, refused)}`);
  return words;
}

function becameOf({ proposal }: TierAnswer, refused: Gate | null): string {
  if (proposal === null) return "not answered";
  return refused === null ? "taken" : `refused by ${refused.name}`;
}

const joined = (said: readonly string[]): string => said.filter((one) => one !== "").join(" ");

interface JudgedAnswer {
  readonly verdicts: readonly GateVerdict[];
  /** The gate that refused it, and why; `null`: it passed every gate. */
  readonly refused: Gate | null;
}

/** A text that was refused once is not judged again: a model that repeats it goes round in circles. */
async function judgedOnce(
  proposal: Proposal,
  { path }: OpenHunk,
  refused: readonly { readonly text: string }[],
  judge: ClimbContext["judge"],
): Promise<JudgedAnswer> {
  const key = answerKey(proposal.text, path);
  if (refused.some(({ text }) => answerKey(text, path) === key)) {
    const again = { name: "not-refused-before", passed: false, evidence: "it was refused before" };
    return { verdicts: verdictsOf([again]), refused: again };
  }
  const gates = await judge(proposal);
  return { verdicts: verdictsOf(gates), refused: refusal(gates) };
}

function noteOf({ proposal }: TierAnswer, judged: JudgedAnswer | null) {
  // Whether it stays without an answer is known when no further tier has one.
  if (proposal === null || judged === null) return { gates: [], accepted: false };
  return { gates: judged.verdicts, accepted: judged.refused === null, meaning: proposal.text };
}

function sentenceOf(said: readonly string[], guidance: string | null): string {
  const why = joined(said);
  if (guidance === null) return asSentence(why, longestWhy);
  const proposed = ` Guideline that the model proposes: “${guidance}”`;
  return asSentence(why, longestWhy - proposed.length) + proposed;
}
