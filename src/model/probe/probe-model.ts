// What a model behind its server can do, asked and not trusted: some servers ignore schemas, cut long prompts, or count no tokens, and some models guess.
import { createHash } from "node:crypto";
import { z } from "zod";
import type { ModelAnswer, ModelRequest } from "../../core/model.ts";
import { AppError } from "../../core/errors.ts";
import { renderPrompt } from "../../core/prompt.ts";
import { failureWord } from "../clients/failure.ts";
import { choiceSchema } from "../choice-schema.ts";
import { readLabel } from "../read-label.ts";
import { competenceCases } from "./competence-cases.ts";
import type { CompetenceCase } from "./competence-cases.ts";
import { competencePrompt } from "./competence-prompt.ts";
import { longPrompt, longPromptText, namesTheWord } from "./long-prompt.ts";
import { followsSchema, schemaOfOneWord, schemaPrompt } from "./schema-prompt.ts";

export const Capabilities = z.object({
  /** A schema that contradicts the prompt was followed: the server enforces it. */
  schema: z.boolean(),
  /** A prompt of more than 4,096 tokens was read from its start. */
  readsLongPrompts: z.boolean(),
  /** Every answer came with its count of tokens. */
  usage: z.boolean(),
  /** Of the built-in merge questions. */
  competence: z.object({ asked: z.number().int().nonnegative(), right: z.number().int().nonnegative() }),
});
export type Capabilities = z.infer<typeof Capabilities>;

/** Findings of another version say nothing about this one: 16 hex digits over everything that is asked. */
export const probeVersion = createHash("sha256")
  .update(
    JSON.stringify([
      schemaPrompt.hash,
      schemaOfOneWord,
      longPromptText,
      competencePrompt.hash,
      competenceCases,
    ]),
  )
  .digest("hex")
  .slice(0, 16);

/** Room for a model that thinks before it answers; the same as a question about a hunk has. */
const maxOutputTokens = 400;

/** Right answers, of eight, that a model must give. */
const passMark = 7;

/**
 * Whether the model may be asked about code. One that answers at random among the four labels gets 7 or more of 8 right with probability
 * (8 x 3 + 1) / 4^8 = 25 / 65,536 = 0.0004; one that always gives the same label gets 2.
 */
export function isCompetent({ competence }: Pick<Capabilities, "competence">): boolean {
  return competence.right >= passMark;
}

/**
 * Ten calls, one after another, of about 10,000 input tokens together; nine of 2,000 where `readsLongPrompts` is known beforehand, as it is of the providers' own
 * servers. A server that refuses a request with a schema does not honour schemas; else rejects with what `ask` rejects with.
 */
export async function probeModel(
  ask: (request: ModelRequest) => Promise<ModelAnswer>,
  known: { readonly readsLongPrompts?: true } = {},
): Promise<Capabilities> {
  let usage = true;
  const text = async (prompt: ModelRequest["prompt"], schema: ModelRequest["schema"]): Promise<string> => {
    const answer = await ask({ prompt, maxOutputTokens, schema, sample: 0 });
    usage &&= answer.usage !== null && answer.usage.inputTokens > 0;
    return answer.stopReason === "length" || answer.stopReason === "refusal" ? "" : answer.text;
  };

  const schema = await text(renderPrompt(schemaPrompt, {}).prompt, schemaOfOneWord).then(
    followsSchema,
    refusesSchema,
  );
  const readsLongPrompts =
    known.readsLongPrompts ?? (await text(longPrompt(), null).then(namesTheWord, refusesLength));
  let right = 0;
  for (const one of competenceCases) {
    const answer = await text(questionOf(one), schema ? choiceSchema(labels) : null);
    if (readLabel(answer, labels) === one.right) right++;
  }
  return { schema, readsLongPrompts, usage, competence: { asked: competenceCases.length, right } };
}

/** A server that says how long a prompt may be is more honest than one that cuts it. */
function refusesLength(error: unknown): false {
  if (error instanceof AppError && failureWord(error) === "context overflow") return false;
  throw error;
}

/** A server that says no to this very request, and would to the next, has not said that it is gone. */
function refusesSchema(error: unknown): false {
  if (error instanceof AppError && failureWord(error) === "refused request") return false;
  throw error;
}

const labels = ["A", "B", "C", "D"];

/** Far above what the cases have: nothing of them is ever cut. */
const caps = { maxBytes: 1_000, maxLines: 20 };

function questionOf({ base, ours, theirs, options }: CompetenceCase): ModelRequest["prompt"] {
  const shown = options.map((text, index) => ({ text, ...caps, label: labels[index] ?? "" }));
  const side = (text: string): { text: string; maxBytes: number; maxLines: number } => ({ text, ...caps });
  return renderPrompt(competencePrompt, {
    base: side(base),
    ours: side(ours),
    theirs: side(theirs),
    options: shown,
  }).prompt;
}
