// Tier pick: a small model chooses a label among the rules' best candidates, three times over, and has to mean the same one each time.
import type { Chosen, Vote } from "../../core/models.ts";
import { fitting } from "./fitting.ts";
import { pickSamples, smallQuestion } from "./limits.ts";
import { pickPrompt } from "./prompts/pick.ts";
import { hunkData, wholeText } from "./show.ts";
import type { Tier } from "./tier.ts";

export const pick: Tier = async ({ open, models, purpose, seed }) => {
  const data = hunkData(open);
  const { maxBytes } = smallQuestion;
  const options = fitting(open.options, { prompt: pickPrompt, data, maxBytes, least: 2 });
  if (options.length < 2) return { proposal: null, said: "", callIds: [], next: "generate" };
  const chosen = await models.choose(purpose("pick"), {
    prompt: pickPrompt,
    data,
    ...smallQuestion,
    options: options.map(({ text }) => wholeText(text)),
    samples: pickSamples,
    seed,
  });
  const { callIds, model, votes } = chosen;
  const option = chosen.status === "agreed" ? options[chosen.index] : undefined;
  if (option !== undefined && model !== null && isAgreed(votes)) {
    const said = `${votes.length} of ${votes.length} samples of ${model} chose this of ${options.length} candidates: ${option.why}`;
    return { proposal: { text: option.text, written: false, model }, said, callIds, next: "generate" };
  }
  const names = options.map(({ name }) => name);
  return { proposal: null, said: sentence(chosen, names), callIds, next: nextAfter(chosen) };
};

/** The rule of agreement is looked at here once more: a pick that is taken has all its votes for one option. */
const isAgreed = (votes: readonly Vote[]): boolean =>
  votes.length === pickSamples && votes.every((vote) => vote === votes[0]);

function sentence({ status, model, votes, why }: Chosen, names: readonly string[]): string {
  if (status === "disagreed" && model !== null)
    return `Asked ${model}: its samples disagreed (${tally(votes, names)}).`;
  if (status === "none" && model !== null)
    return `Asked ${model}: none of ${names.length} candidates is right.`;
  return why;
}

/** "1 for ours, 1 for token-merge". */
function tally(votes: readonly Vote[], names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const vote of votes) {
    const name = typeof vote === "number" ? (names[vote] ?? "no candidate") : vote;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} for ${name}`).join(", ");
}

/**
 * Only where no candidate is right (or the answer had another form than was asked for) is one written: where samples disagree about candidates, the right one
 * is likely among them, and a small model that cannot tell which does not write it either.
 */
function nextAfter({ status }: Chosen): "generate" | "consult" {
  return status === "disagreed" || status === "refused" || status === "unavailable" ? "consult" : "generate";
}
