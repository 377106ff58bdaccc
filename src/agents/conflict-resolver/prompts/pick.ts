// A small model chooses one of the resolutions that the rules came up with, or none.
import { definePrompt } from "../../../core/prompt.ts";

/** `{{options}}` and the labels in it are filled in by `models.choose`, in another order for each sample. */
export const pickPrompt = definePrompt("conflict-resolver/pick", {
  system: `You help to merge two branches of a software project. You are shown one conflict: the lines as they were (base), as each branch has them now (ours, theirs), and possible resolutions, each under a letter: "options.B" has the letter B.
Choose the resolution that a careful developer would commit: as a rule the one that keeps what each branch meant to change.
If none of them is right, or you cannot tell, choose NONE. A wrong choice does harm, NONE does not.
Answer with JSON and nothing else: {"choice": "B"} or {"choice": "NONE"}.`,
  user: `Where the lines stand:
{{place}}
The newest commit of each branch that touched this file:
{{subjects}}
Other conflicts of this merge, and how they were resolved (there may be none):
{{earlier}}
The conflict:
{{base}}
{{ours}}
{{theirs}}
Possible resolutions:
{{options}}
Which letter, or NONE? JSON only.`,
});
