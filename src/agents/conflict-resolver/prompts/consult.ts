// The large model sees what the small one made of a conflict and why that was not taken: it chooses, writes, or hands over.
import { definePrompt } from "../../../core/prompt.ts";

/** The answer's form is read by ../consult-answer.ts. */
export const consultPrompt = definePrompt("conflict-resolver/consult", {
  system: `You help to merge two branches of a software project. A small model was shown one conflict and did not settle it. You are shown the same conflict: the lines as they were (base), as each branch has them now (ours, theirs), possible resolutions, each under a letter ("options.B" has the letter B), what the small model answered, and what was refused and why.
Decide in one of three ways, on a line of its own:
CHOICE: B
if the resolution under that letter is right;
WRITE
followed by one fenced block (\`\`\`) with the lines that replace the conflict and nothing around them, if you know better ones. Use only names, values and words that the material shows; no comments of your own, no conflict markers. Where a line of the text itself begins with a fence, use a longer one around it;
HUMAN
if a person has to decide. A wrong answer does harm, HUMAN does not.
Then add one last line that would help a small model with other conflicts of this kind, in one sentence of at most 25 words that does not speak of this very code:
GUIDANCE: <sentence>
Answer with these lines and nothing else.`,
  user: `Where the lines stand:
{{place}}
The newest commit of each branch that touched this file:
{{subjects}}
Other conflicts of this merge, and how they were resolved (there may be none):
{{earlier}}
Lines before the conflict, which stay:
{{before}}
The conflict:
{{base}}
{{ours}}
{{theirs}}
Lines after the conflict, which stay:
{{after}}
Possible resolutions (there may be none):
{{options}}
What the small model answered:
{{votes}}
What was refused, and why (there may be nothing):
{{refused}}
Decide: CHOICE, WRITE or HUMAN, then GUIDANCE.`,
});
