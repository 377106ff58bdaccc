// Tier consult: the large model sees what the small one answered and what was refused, once a hunk. It chooses, writes, or hands over.
import { readConsultAnswer } from "./consult-answer.ts";
import { fitting, labelled, optionAt } from "./fitting.ts";
import { largeQuestion } from "./limits.ts";
import { consultPrompt } from "./prompts/consult.ts";
import { hunkData, surroundings } from "./show.ts";
import { asWritten, whyNotWritten } from "./written-text.ts";
import type { OpenHunk } from "./show.ts";
import type { Proposal, Tier, Tried } from "./tier.ts";

export const consult: Tier = async ({ open, models, purpose }, tried) => {
  const data = { ...hunkData(open), ...surroundings(open), ...asData(tried) };
  const { maxBytes } = largeQuestion;
  const options = fitting(open.options, { prompt: consultPrompt, data, maxBytes, least: 0 });
  const asked = await models.ask(purpose("consult"), {
    prompt: consultPrompt,
    data: { ...data, options: labelled(options) },
    ...largeQuestion,
  });
  const { callIds, model } = asked;
  if (asked.status !== "answered" || model === null)
    return { proposal: null, said: asked.why, callIds, next: null };
  const answer = readConsultAnswer(asked.text);
  const { guidance } = answer;
  const end = { callIds, next: null, guidance };
  switch (answer.kind) {
    case "human":
      return { ...end, proposal: null, said: `Asked ${model}: a person has to decide.` };
    case "malformed":
      return { ...end, proposal: null, said: `${model} answered something else than was asked for.` };
    case "choice": {
      const option = optionAt(options, answer.letter);
      if (option === undefined) return { ...end, proposal: null, said: `${model} chose what is not there.` };
      const proposal = { text: option.text, written: false, model };
      return { ...end, proposal, said: `${model} was consulted and chose a candidate: ${option.why}` };
    }
    case "write": {
      const said = `${model} was consulted and wrote it.`;
      const proposal = writtenProposal(answer.text, open, model);
      return typeof proposal === "string"
        ? { ...end, proposal: null, said: proposal }
        : { ...end, proposal, said };
    }
  }
};

function writtenProposal(text: string, { hunk, before, after }: OpenHunk, model: string): Proposal | string {
  const whyNot = whyNotWritten(hunk);
  if (whyNot !== null) return `${model} wrote a text, but no model may write it: ${whyNot}.`;
  return { text: asWritten(text, hunk, before + after), written: true, model };
}

/** What small models said and wrote is data as well. */
const asData = ({ said, refused }: Tried) => ({
  votes: { text: said.filter((one) => one !== "").join("\n"), maxBytes: 1_000, maxLines: 10 },
  refused: refused.map(({ text, why }, index) => ({
    label: `${index + 1}`,
    text: `${why}\n${text}`,
    maxBytes: 2_000,
    maxLines: 100,
  })),
});
