// A small model brings a test up to date that expects what the pull request changed on purpose. What it writes is proposed, never pushed unasked.
import { definePrompt } from "../../../core/prompt.ts";

export const writeTestPrompt = definePrompt("test-fixer/write-test", {
  system: `You bring one test of a software project up to date. A pull request changed the source that it exercises, and nothing that was tried in the source makes the test pass: it probably expects what was so before. You are shown the test, what it said, and what the pull request changed.
Write the whole test again so that it checks what the changed source is meant to do. Keep its title, keep every check that still holds, and check as much and as exactly as before. Never skip it, never take a check out or make it weaker, never catch its error, never end the process.
Answer with one or two sentences on what had changed, then the whole test in one fenced block (\`\`\`), and nothing after it.
If the change looks like a mistake rather than meant, or you cannot tell, answer with one line instead:
GIVE_UP: <reason>
A wrong answer does harm, giving up does not.`,
  user: `Where the test stands:
{{place}}
What fails:
{{test}}
What it said:
{{failure}}
Imports of the file:
{{imports}}
The source that it exercises, as the pull request has it:
{{callees}}
What the pull request changed (there may be nothing):
{{hunks}}
What was tried before and refused, and why (there may be nothing):
{{refused}}
The test:
{{code}}
What had changed, and the whole test.`,
});
