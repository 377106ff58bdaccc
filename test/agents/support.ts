// A fake `Models` that plays a script and keeps what it was asked, and files cut into hunks. No server, no workspace.
import type {
  ConflictedFile,
  FileResolution,
  Hunk,
  RankedCandidate,
  Segment,
} from "../../src/core/conflict.ts";
import type { CallNote } from "../../src/core/ledger.ts";
import type {
  CallPurpose,
  ChooseQuestion,
  Chosen,
  Models,
  Vote,
  WriteQuestion,
  Written,
} from "../../src/core/models.ts";
import type { ModelRole } from "../../src/core/model.ts";
import type { PromptData } from "../../src/core/prompt.ts";
import { settleWithModels } from "../../src/agents/conflict-resolver/settle-with-models.ts";
import type { ModelTierContext } from "../../src/agents/conflict-resolver/settle-with-models.ts";
import type { ModelSettlement } from "../../src/core/task.ts";
import { mergeRules } from "../../src/merge/thread/merge-rules.ts";
import { mostTelling } from "../../src/merge/rank/most-telling.ts";

export const clean = (text: string): Segment => ({ kind: "clean", text });
export const hunk = (base: string, ours: string, theirs: string): Hunk => ({
  kind: "hunk",
  base,
  ours,
  theirs,
});

export function fileOf(path: string, segments: readonly Segment[]): ConflictedFile {
  const side = (name: "base" | "ours" | "theirs") =>
    segments.map((segment) => (segment.kind === "clean" ? segment.text : segment[name])).join("");
  return { path, base: side("base"), ours: side("ours"), theirs: side("theirs"), segments };
}

export const candidate = (name: string, text: string, probability = 0.4): RankedCandidate => ({
  name,
  text,
  why: `It is ${name}.`,
  probability,
});

/** Every hunk open, with both sides as candidates, or those given by index. */
export function openResolution(
  file: ConflictedFile,
  candidates: Readonly<Record<number, readonly RankedCandidate[]>> = {},
): FileResolution {
  const hunks = file.segments
    .filter((segment) => segment.kind === "hunk")
    .map((one, index) => ({
      hunk: one,
      settlement: null,
      why: "No rule settles it.",
      candidates: candidates[index] ?? [candidate("ours", one.ours), candidate("theirs", one.theirs)],
    }));
  return { path: file.path, hunks, openHunks: mostTelling(hunks), regeneration: null };
}

/** A vote for an option by its text, or none, or rubbish. */
type ScriptedVote = { readonly text: string } | "none" | "malformed";

export interface Script {
  readonly choose?: (question: ChooseQuestion, purpose: CallPurpose) => readonly ScriptedVote[];
  /** Blocks of text that the samples write, or CANNOT. */
  readonly write?: (question: WriteQuestion, purpose: CallPurpose) => readonly string[];
  /** The whole answer. */
  readonly ask?: (data: PromptData, purpose: CallPurpose) => string;
  readonly isAvailable?: (role: ModelRole, calls: number) => boolean;
}

interface Call {
  readonly slot: string;
  readonly subject: string | null;
  readonly kind: string | null;
  readonly data: PromptData;
  readonly options: readonly string[];
}

export interface FakeModels extends Models {
  readonly calls: readonly Call[];
  readonly notes: readonly { readonly ids: readonly string[]; readonly note: CallNote }[];
}

export const smallModel = "openai:org/small@here";
const largeModel = "anthropic:large";

/** A role is available where the script has an answer for it, if it says nothing else. */
export function fakeModels(script: Script): FakeModels {
  const calls: Call[] = [];
  const notes: { ids: readonly string[]; note: CallNote }[] = [];
  let ids = 0;
  const take = (count: number): string[] => Array.from({ length: count }, () => `call-${++ids}`);
  const isScripted = (role: ModelRole): boolean =>
    role === "small" ? script.choose !== undefined || script.write !== undefined : script.ask !== undefined;
  const remember = (
    { slot, subject, kind }: CallPurpose,
    data: PromptData,
    options: readonly string[] = [],
  ): void => {
    calls.push({ slot, subject, kind, data, options });
  };
  return {
    calls,
    notes,
    isAvailable: (role) => script.isAvailable?.(role, calls.length) ?? isScripted(role),
    choose: (purpose, question) => {
      const texts = question.options.map(({ text }) => text);
      remember(purpose, question.data, texts);
      const votes = (script.choose?.(question, purpose) ?? ["none"]).map((vote): Vote => {
        if (typeof vote === "string") return vote;
        const index = texts.indexOf(vote.text);
        return index === -1 ? "malformed" : index;
      });
      return Promise.resolve(chosen(votes, take(votes.length)));
    },
    write: (purpose, question) => {
      remember(purpose, question.data);
      const blocks = script.write?.(question, purpose) ?? ["CANNOT"];
      return Promise.resolve(written(blocks, question, take(blocks.length)));
    },
    ask: (purpose, { data }) => {
      remember(purpose, data);
      const text = script.ask?.(data, purpose) ?? "HUMAN";
      return Promise.resolve({
        status: "answered",
        text,
        callIds: take(1),
        model: largeModel,
        why: "Asked.",
      });
    },
    note: (noted, note) => {
      notes.push({ ids: noted, note });
      return Promise.resolve();
    },
    problems: () => [],
  };
}

function chosen(votes: readonly Vote[], callIds: readonly string[]): Chosen {
  const all = { callIds, votes, model: smallModel, why: "The fake says so." };
  const [first] = votes;
  if (votes.includes("malformed")) return { ...all, status: "malformed", index: null };
  if (votes.includes("none")) return { ...all, status: "none", index: null };
  return typeof first === "number" && votes.every((vote) => vote === first)
    ? { ...all, status: "agreed", index: first }
    : { ...all, status: "disagreed", index: null };
}

function written(blocks: readonly string[], question: WriteQuestion, callIds: readonly string[]): Written {
  const groups = new Map<string, string[]>();
  for (const block of blocks.filter((one) => one !== "CANNOT"))
    groups.set(question.keyOf(block), [...(groups.get(question.keyOf(block)) ?? []), block]);
  const sorted = [...groups.values()].toSorted((one, other) => other.length - one.length);
  const all = {
    callIds,
    votes: sorted.map(({ length }) => length),
    model: smallModel,
    why: "The fake says so.",
  };
  const [first] = sorted;
  if (blocks.includes("CANNOT")) return { ...all, status: "declined", text: null };
  const text = first && first.length >= question.needed ? first[0] : undefined;
  return text === undefined
    ? { ...all, status: "disagreed", text: null }
    : { ...all, status: "agreed", text };
}

/** All three samples for one text. */
export const three = (text: string): ScriptedVote[] => [{ text }, { text }, { text }];

export function tierContext(models: Models, changed: Partial<ModelTierContext> = {}): ModelTierContext {
  return {
    models,
    merge: { resolve: (file) => Promise.resolve(openResolution(file)), parseErrors: mergeRules.parseErrors },
    memory: [],
    siblings: [],
    subjects: { ours: null, theirs: null },
    settlements: [],
    keepSettlement: () => Promise.resolve(),
    approved: false,
    hunksLeft: 20,
    signal: new AbortController().signal,
    record: () => undefined,
    ...changed,
  };
}

export const sides = { base: "price = 1\n", ours: "price = two(2)\n", theirs: "price = three(3)\n" };
export const price = hunk(sides.base, sides.ours, sides.theirs);
export const around = (...segments: readonly Segment[]) => [
  clean("const a = 0\n"),
  ...segments,
  clean("const z = 9\n"),
];

/** Settles a file of which every hunk is open, and keeps what was kept. */
export async function settle(
  script: Script,
  changed: Partial<ModelTierContext> = {},
  file: ConflictedFile = fileOf("shop.txt", around(price)),
  resolution: FileResolution = openResolution(file),
) {
  const models = fakeModels(script);
  const kept: ModelSettlement[] = [];
  const keepSettlement = (one: ModelSettlement) => {
    kept.push(one);
    return Promise.resolve();
  };
  const result = await settleWithModels(
    file,
    resolution,
    tierContext(models, { keepSettlement, ...changed }),
  );
  return { ...result, models, kept, hunks: result.resolution.hunks };
}
