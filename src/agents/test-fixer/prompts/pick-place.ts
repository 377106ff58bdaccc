// A small model says which of several functions is likeliest to hold the fault, where code cannot tell.
import { definePrompt } from "../../../core/prompt.ts";

/** `{{options}}` and the labels in it are filled in by `models.choose`, in another order for each sample. */
export const pickPlacePrompt = definePrompt("test-fixer/pick-place", {
  system: `You look for the fault that makes a test fail. You are shown the test, what it said, and functions of the project in outline, each under a letter: "options.B" has the letter B.
Choose the function that has to be changed to put the fault right. If none of them is, or you cannot tell, choose NONE.
Answer with JSON and nothing else: {"choice": "B"} or {"choice": "NONE"}.`,
  user: `What fails:
{{test}}
What it said:
{{failure}}
Functions:
{{options}}
Which letter, or NONE? JSON only.`,
});
