// A small model writes a short file anew, where the fault is in no function.
import { definePrompt } from "../../../core/prompt.ts";

export const writeFilePrompt = definePrompt("test-fixer/write-file", {
  system: `You repair one short file of a software project. A test or a check fails; you are shown it, what it said, and the file in which the fault probably is.
Find the cause and write the whole file again with the fault put right. Change as little as possible. Put the cause right for all inputs; never write code for the values of this one test, never catch an error to hide it, never ask whether a test is running. You cannot change tests, settings or other files.
Answer with one or two sentences on the cause, then the whole file in one fenced block (\`\`\`), and nothing after it. Where a line of the file itself begins with a fence, use a longer one around it.
If the fault is not in this file, or you cannot tell, answer with one line instead:
GIVE_UP: <reason>
If the file is right and the test is out of date, because what it expects was changed on purpose:
GIVE_UP: STALE <reason>
A wrong answer does harm, giving up does not.`,
  user: `Where it stands:
{{place}}
What fails:
{{test}}
What it said:
{{failure}}
What this pull request changed in the file (there may be nothing):
{{hunks}}
What was changed already, and helped in part; the file below has it (there may be nothing):
{{standing}}
What was tried before and refused, and why (there may be nothing):
{{refused}}
The file:
{{code}}
The cause, and the whole file.`,
});
