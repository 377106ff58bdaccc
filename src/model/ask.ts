// A question asked once.
import type { Asked, AskQuestion, CallPurpose } from "../core/models.ts";
import { renderPrompt } from "../core/prompt.ts";
import type { Asker } from "./asker.ts";
import { notAnswered } from "./choose.ts";

/** Free text in answer to one prompt. What it has to be like is for the caller to see. */
export async function ask(asker: Asker, purpose: CallPurpose, question: AskQuestion): Promise<Asked> {
  const { prompt, bytes } = renderPrompt(question.prompt, question.data);
  if (bytes > question.maxBytes)
    return { status: "too-large", text: null, callIds: [], model: null, why: "The question is too large." };
  const { maxOutputTokens } = question;
  const asked = await asker.sample(
    purpose,
    { prompt, maxOutputTokens, schema: null, sample: question.sample ?? 0 },
    () => true,
  );
  const { callIds } = asked;
  if (!asked.answered) return { status: "unavailable", text: null, callIds, model: null, why: asked.why };
  const { model, status, answer } = asked;
  if (status === "answered")
    return { status, text: answer.text, callIds, model, why: `${model} was asked once.` };
  return { status, text: null, callIds, model, why: `${model} ${notAnswered[status]}` };
}
