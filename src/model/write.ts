// A text that several samples of a model write alike.
import type { CallPurpose, Written, WriteQuestion } from "../core/models.ts";
import { renderPrompt } from "../core/prompt.ts";
import type { Prompt } from "../core/prompt.ts";
import type { Asker, Sample } from "./asker.ts";
import { changed, notAnswered } from "./choose.ts";
import { onlyFencedBlock } from "./fence.ts";

/** The word by which a model says that it cannot tell. */
const declines = /^\W*CANNOT\W*$/;

interface Group {
  readonly key: string;
  /** The first sample's words. */
  readonly text: string;
  readonly size: number;
}

/** Asks until `needed` samples say the same or cannot any more. A truncated answer is asked for once more, with twice the room. */
export async function write(asker: Asker, purpose: CallPurpose, question: WriteQuestion): Promise<Written> {
  const { prompt, bytes } = renderPrompt(question.prompt, question.data);
  if (bytes > question.maxBytes)
    return {
      status: "too-large",
      text: null,
      callIds: [],
      votes: [],
      model: null,
      why: "The question is too large.",
    };
  const callIds: string[] = [];
  let groups: readonly Group[] = [];
  let room = question.maxOutputTokens;
  let model: string | null = null;
  let last: {
    readonly status: "malformed" | "truncated" | "refused" | "empty";
    readonly why: string;
  } | null = null;
  for (let sample = 0; sample < question.samples; sample++) {
    if (!canAgree(groups, question, sample)) break;
    let asked = await askOnce(asker, purpose, prompt, { room, sample });
    callIds.push(...asked.callIds);
    if (isTruncated(asked) && room === question.maxOutputTokens) {
      room *= 2;
      asked = await askOnce(asker, purpose, prompt, { room, sample });
      callIds.push(...asked.callIds);
    }
    const votes = sizesOf(groups);
    if (!asked.answered) return { status: "unavailable", text: null, callIds, votes, model, why: asked.why };
    if (model !== null && asked.model !== model)
      return { status: "unavailable", text: null, callIds, votes, model, why: changed(model) };
    ({ model } = asked);
    const { status, answer } = asked;
    if (status === "answered" && declines.test(answer.text))
      return {
        status: "declined",
        text: null,
        callIds,
        votes,
        model,
        why: `${model} says that it cannot tell.`,
      };
    const block = status === "answered" ? onlyFencedBlock(answer.text) : null;
    if (block !== null && "text" in block) groups = joined(groups, block.text, question.keyOf);
    else {
      const kind = status === "answered" ? "malformed" : status;
      last = { status: kind, why: `${model} ${notAnswered[kind]}` };
    }
    const agreed = groups.find(({ size }) => size >= question.needed);
    if (agreed) {
      const why = `${agreed.size} of ${sample + 1} samples of ${model} wrote the same.`;
      return { status: "agreed", text: agreed.text, callIds, votes: sizesOf(groups), model, why };
    }
  }
  const votes = sizesOf(groups);
  if (groups.length === 0 && last !== null) return { ...last, text: null, callIds, votes, model };
  const why = `${model ?? "The model"} did not write the same when it was asked again.`;
  return { status: "disagreed", text: null, callIds, votes, model, why };
}

async function askOnce(
  asker: Asker,
  purpose: CallPurpose,
  prompt: Prompt,
  { room, sample }: { readonly room: number; readonly sample: number },
): Promise<Sample> {
  const isWellFormed = (text: string) => declines.test(text) || "text" in onlyFencedBlock(text);
  return asker.sample(purpose, { prompt, maxOutputTokens: room, schema: null, sample }, isWellFormed);
}

const isTruncated = (asked: Sample): boolean => asked.answered && asked.status === "truncated";

function canAgree(groups: readonly Group[], { samples, needed }: WriteQuestion, asked: number): boolean {
  const largest = Math.max(0, ...groups.map(({ size }) => size));
  return largest + (samples - asked) >= needed;
}

function joined(groups: readonly Group[], text: string, keyOf: (text: string) => string): Group[] {
  const key = keyOf(text);
  const known = groups.some((group) => group.key === key);
  if (!known) return [...groups, { key, text, size: 1 }];
  return groups.map((group) => (group.key === key ? { ...group, size: group.size + 1 } : group));
}

const sizesOf = (groups: readonly Group[]): number[] =>
  groups.map(({ size }) => size).toSorted((a, b) => b - a);
