// Asks for prose, while the schema of the request leaves room for one word alone: an answer with that word shows that the server holds to schemas.
import { definePrompt } from "../../core/prompt.ts";

export const schemaPrompt = definePrompt("probe/schema", {
  system: "You write short, friendly prose.",
  user: "Write two sentences about rain in a harbour town.",
});

const word = "kestrel";

/** The word is not in the prompt, so nobody answers with it by chance. */
export const schemaOfOneWord = {
  name: "word",
  schema: {
    type: "object",
    properties: { word: { type: "string", enum: [word] } },
    required: ["word"],
    additionalProperties: false,
  },
};

/** Whether an answer is what the schema asks for, to the letter. */
export function followsSchema(text: string): boolean {
  try {
    const answer: unknown = JSON.parse(text);
    return JSON.stringify(answer) === JSON.stringify({ word });
  } catch {
    return false;
  }
}
