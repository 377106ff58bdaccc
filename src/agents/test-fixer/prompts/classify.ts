// A small model says what a failed check is about, where no rule knows its log.
import { definePrompt } from "../../../core/prompt.ts";

/** `{{options}}` and the labels in it are filled in by `models.choose`, in another order for each sample. */
export const classifyPrompt = definePrompt("test-fixer/classify", {
  system: `You are shown the log of a check that failed on a pull request, and kinds of failures, each under a letter: "options.B" has the letter B.
Choose the kind that the failure is of. If you cannot tell, choose NONE.
Answer with JSON and nothing else: {"choice": "B"} or {"choice": "NONE"}.`,
  user: `The check:
{{check}}
The end of its log:
{{log}}
Kinds of failures:
{{options}}
Which letter, or NONE? JSON only.`,
});
