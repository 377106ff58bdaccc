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
  const poll: Poll = { callIds: [], groups: [], model: null, room: question.maxOutputTokens, last: null };
  for (let sample = 0; sample < question.samples && canAgree(poll.groups, question, sample); sample++) {
    const asked = await askWithRoom(
      asker,
      purpose,
      { prompt, sample, atFirst: question.maxOutputTokens },
      poll,
    );
    const end = counted(asked, poll, question);
    if (end !== null) return { ...end, ...endOf(poll) };
  }
  if (poll.groups.length === 0 && poll.last !== null) return { ...poll.last, text: null, ...endOf(poll) };
  const why = `${poll.model ?? "The model"} did not write the same when it was asked again.`;
  return { status: "disagreed", text: null, why, ...endOf(poll) };
}

/** What was said so far. */
interface Poll {
  readonly callIds: string[];
  groups: readonly Group[];
  model: string | null;
  /** Tokens that an answer may have. */
  room: number;
  /** The last answer that was none. */
  last: { readonly status: "malformed" | "truncated" | "refused" | "empty"; readonly why: string } | null;
}

const endOf = ({ callIds, groups, model }: Poll) => ({ callIds, votes: sizesOf(groups), model });

type End =
  | { readonly status: "agreed"; readonly text: string; readonly why: string }
  | { readonly status: "declined" | "unavailable"; readonly text: null; readonly why: string };

/** Adds a sample to the poll; how it ended with that, or `null`. */
function counted(asked: Sample, poll: Poll, { keyOf, needed }: WriteQuestion): End | null {
  if (!asked.answered) return { status: "unavailable", text: null, why: asked.why };
  const { model, status, answer } = asked;
  if (poll.model !== null && model !== poll.model)
    return { status: "unavailable", text: null, why: changed(poll.model) };
  poll.model = model;
  if (status === "answered" && declines.test(answer.text))
    return { status: "declined", text: null, why: `${model} says that it cannot tell.` };
  const block = status === "answered" ? onlyFencedBlock(answer.text) : null;
  if (block === null || !("text" in block)) {
    const kind = status === "answered" ? "malformed" : status;
    poll.last = { status: kind, why: `${model} ${notAnswered[kind]}` };
    return null;
  }
  poll.groups = joined(poll.groups, block.text, keyOf);
  const agreed = poll.groups.find(({ size }) => size >= needed);
  if (agreed === undefined) return null;
  const all = sizesOf(poll.groups).reduce((sum, size) => sum + size, 0);
  const why = `${agreed.size} of ${all} samples of ${model} wrote the same.`;
  return { status: "agreed", text: agreed.text, why };
}

/** Once in a question, a truncated sample is asked for again with twice the room; later samples have that room from the start. */
async function askWithRoom(
  asker: Asker,
  purpose: CallPurpose,
  { prompt, sample, atFirst }: { readonly prompt: Prompt; readonly sample: number; readonly atFirst: number },
  poll: Poll,
): Promise<Sample> {
  const asked = await askOnce(asker, purpose, prompt, { room: poll.room, sample });
  poll.callIds.push(...asked.callIds);
  if (!isTruncated(asked) || poll.room > atFirst) return asked;
  poll.room = 2 * atFirst;
  const again = await askOnce(asker, purpose, prompt, { room: poll.room, sample });
  poll.callIds.push(...again.callIds);
  return again;
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
