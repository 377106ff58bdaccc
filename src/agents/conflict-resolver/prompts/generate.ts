// A small model writes the lines that replace a conflict, and nothing around them.
import { definePrompt } from "../../../core/prompt.ts";

/** The word CANNOT is `models.write`'s sign for "declined". */
export const generatePrompt = definePrompt("conflict-resolver/generate", {
  system: `You help to merge two branches of a software project. You are shown one conflict: the lines as they were (base) and as each branch has them now (ours, theirs).
Write the lines that replace the conflict, so that what each branch meant to change is kept. Write only these lines: those before and after them stay as they are and must not be repeated.
Use only names, values and words that the material shows. Add nothing of your own: no comments, no explanations, no conflict markers. Keep the indentation.
Answer with one fenced block (\`\`\`) and nothing else. Where a line of the text itself begins with a fence, use a longer one around it.
If you cannot tell what the lines should be, answer with the one word CANNOT.`,
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
Write the lines that replace the conflict.`,
});
