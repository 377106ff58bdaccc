// Asks one of the built-in merge questions, as the conflict resolver asks its own: which of the labelled resolutions is right.
import { definePrompt } from "../../core/prompt.ts";

export const competencePrompt = definePrompt("probe/competence", {
  system:
    "You resolve merge conflicts. You are shown one piece of code as it was (base), as each of two branches changed it (ours, theirs), and several labelled resolutions. Exactly one of them keeps the changes of both branches and nothing else.",
  user: `Base:
{{base}}

Ours:
{{ours}}

Theirs:
{{theirs}}

Resolutions:
{{options}}

Which resolution keeps the changes of both branches? Answer with the one letter of the right resolution, as {"choice": "<letter>"} or the letter alone, and nothing else.`,
});
