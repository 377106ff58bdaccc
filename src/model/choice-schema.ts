// The smallest schema there is for an answer that is one of several labels.
import type { AnswerSchema } from "../core/model.ts";

export function choiceSchema(labels: readonly string[]): AnswerSchema {
  return {
    name: "choice",
    schema: {
      type: "object",
      properties: { choice: { type: "string", enum: labels } },
      required: ["choice"],
      additionalProperties: false,
    },
  };
}
