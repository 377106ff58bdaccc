// One of several answers, picked by agreement: the same question several times, the options under other labels each time.
import { createHash } from "node:crypto";
import type { CallPurpose, ChooseQuestion, Chosen, Vote } from "../core/models.ts";
import { renderPrompt } from "../core/prompt.ts";
import type { Asker, Sample } from "./asker.ts";
import { choiceSchema } from "./choice-schema.ts";
import { readLabel } from "./read-label.ts";

const none = "NONE";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Which option stands at each place in sample `sample`. The order is shuffled by the seed once and then turned by one place a sample: so no option has the
 * same label twice (as long as there are no more samples than options), and a model that answers by place alone never agrees with itself.
 */
export function orderOf(options: number, sample: number, seed: string): number[] {
  const keyed = Array.from({ length: options }, (_, index) => ({
    index,
    key: createHash("sha256").update(`${seed}\0${index}`).digest("hex"),
  }));
  const shuffled = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ index }) => index);
  const turn = options === 0 ? 0 : sample % options;
  return [...shuffled.slice(turn), ...shuffled.slice(0, turn)];
}

/** Asks sample by sample, and no further once the samples cannot all agree any more. Accepted is only what every sample says. */
export async function choose(asker: Asker, purpose: CallPurpose, question: ChooseQuestion): Promise<Chosen> {
  const { options, samples } = question;
  if (options.length < 2 || options.length > letters.length)
    return { ...nobody, status: "too-large", why: "There are not two to 26 options to choose from." };
  const poll: Poll = { callIds: [], votes: [], model: null };
  for (let sample = 0; sample < samples; sample++) {
    const asked = await askOnce(asker, purpose, question, sample);
    if (asked === "too-large") return { ...nobody, status: "too-large", why: tooLarge };
    const end = counted(asked, poll, orderOf(options.length, sample, question.seed));
    if (end !== null) return { ...poll, index: null, ...end };
  }
  const { votes, model } = poll;
  const [index] = votes;
  if (typeof index !== "number" || model === null)
    return { ...nobody, status: "unavailable", why: "Nobody was asked." };
  const why = `${votes.length} of ${votes.length} samples of ${model} chose it of ${options.length}.`;
  return { ...poll, status: "agreed", index, why };
}

/** What was said so far. */
interface Poll {
  readonly callIds: string[];
  readonly votes: Vote[];
  model: string | null;
}

type NotAgreed = Exclude<Chosen["status"], "agreed">;

/** Adds a sample to the poll; why no further one is asked, or `null`. */
function counted(
  asked: Sample,
  poll: Poll,
  order: readonly number[],
): { readonly status: NotAgreed; readonly why: string } | null {
  poll.callIds.push(...asked.callIds);
  if (!asked.answered) return { status: "unavailable", why: asked.why };
  const { model } = asked;
  if (poll.model !== null && model !== poll.model) return { status: "unavailable", why: changed(poll.model) };
  poll.model = model;
  if (asked.status !== "answered" && asked.status !== "malformed")
    return { status: asked.status, why: `${model} ${notAnswered[asked.status]}` };
  const vote = voteOf(asked.answer.text, order);
  poll.votes.push(vote);
  if (vote === "malformed") return { status: vote, why: `${model} ${notAnswered.malformed}` };
  if (vote === "none") return { status: "none", why: `${model} says that none of them is right.` };
  if (vote === poll.votes[0]) return null;
  return { status: "disagreed", why: `${model} did not choose the same one each time it was asked.` };
}

const nobody = { callIds: [], votes: [], model: null, index: null } as const;

const tooLarge = "The question is too large for a small model.";

export const notAnswered = {
  malformed: "answered something else than was asked for.",
  truncated: "did not come to an end of its answer.",
  refused: "refused to answer.",
  empty: "answered nothing.",
} as const;

/** Votes of two models are no agreement of one: what the second is sure of is not known from the first. */
export const changed = (model: string): string => `${model} stopped answering in the middle of the question.`;

async function askOnce(
  asker: Asker,
  purpose: CallPurpose,
  question: ChooseQuestion,
  sample: number,
): Promise<Sample | "too-large"> {
  const { options, seed } = question;
  const order = orderOf(options.length, sample, seed);
  const shown = order.flatMap((option, place) => {
    const one = options[option];
    return one === undefined ? [] : [{ ...one, label: letters.charAt(place) }];
  });
  const { prompt, bytes, cut } = renderPrompt(question.prompt, { ...question.data, options: shown });
  if (bytes > question.maxBytes || cut.some((name) => name.startsWith("options."))) return "too-large";
  const labels = labelsOf(options.length);
  const { maxOutputTokens } = question;
  const request = { prompt, maxOutputTokens, schema: choiceSchema(labels), sample };
  return asker.sample(purpose, request, (text) => readLabel(text, labels) !== null);
}

const labelsOf = (options: number): string[] => [
  ...Array.from({ length: options }, (_, place) => letters.charAt(place)),
  none,
];

function voteOf(text: string, order: readonly number[]): Vote {
  const label = readLabel(text, labelsOf(order.length));
  if (label === null) return "malformed";
  if (label === none) return "none";
  return order[letters.indexOf(label)] ?? "malformed";
}
