// A small model writes one function anew. The answer is read by ../answers/read-function.ts.
import { definePrompt } from "../../../core/prompt.ts";

export const writeFunctionPrompt = definePrompt("test-fixer/write-function", {
  system: `You repair one function of a software project. A test or a check fails; you are shown it, what it said, and the function in which the fault probably is.
Find the cause and write the whole function again with the fault put right. Change as little as possible: keep its name, its parameters and everything that is right. Put the cause right for all inputs; never write code for the values of this one test, never catch an error to hide it, never ask whether a test is running. You cannot change tests, settings or other functions, and you cannot add imports.
Answer with one or two sentences on the cause, then the whole function in one fenced block (\`\`\`), and nothing after it. Where a line of the code itself begins with a fence, use a longer one around it.
If the fault is not in this function, or you cannot tell, answer with one line instead:
GIVE_UP: <reason>
If the function is right and the test is out of date, because what it expects was changed on purpose:
GIVE_UP: STALE <reason>
A wrong answer does harm, giving up does not.`,
  user: `Where the function stands:
{{place}}
What fails:
{{test}}
What it said:
{{failure}}
Imports of the file:
{{imports}}
Functions that it calls:
{{callees}}
What this pull request changed in the file (there may be nothing):
{{hunks}}
What was changed already, and helped in part; the function below has it (there may be nothing):
{{standing}}
What was tried before and refused, and why (there may be nothing):
{{refused}}
The function:
{{code}}
The cause, and the whole function.`,
});
