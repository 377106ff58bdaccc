// A small model writes tests for one function.
import { definePrompt } from "../../../core/prompt.ts";

const rules = `Write small tests, one behaviour each. Each test has a title of its own in plain quotes and at least one assertion on what the function returns, throws or changes. Expected values are written out, never computed by the function itself.
Do not skip or mark tests, use tables of tests, snapshots, the network, the time of day, random values, files or other programs. Put what a test needs inside of it: only imports and whole tests are taken from your answer.
Write as the example does: the same framework, the same style. Import only what the material shows to exist.`;

/** `{{place}}` says which framework, and where the tests go. The answer is read by ../answer.ts. */
export const writePrompt = definePrompt("test-writer/write", {
  system: `You write unit tests for one function of a software project. The function works as it should: tests say what it does now, on the lines that changed above all.
${rules}
Answer with one fenced block (\`\`\`) that holds the imports and the tests, and nothing else.`,
  user: `What is wanted, and where it goes:
{{place}}
The function:
{{function}}
Its changed lines, which matter most:
{{lines}}
Imports of its file, and what its file exports:
{{imports}}
Signatures of what it calls in its file:
{{callees}}
A test file of the project, as an example of style:
{{example}}
Titles that are taken:
{{titles}}
Write up to six tests.`,
});

/** As above, after a try: what it came to is in `{{findings}}`. */
export const feedbackPrompt = definePrompt("test-writer/feedback", {
  system: `You write unit tests for one function of a software project. The function works as it should: tests say what it does now. An earlier answer was run, and you are shown what came of it.
${rules}
Answer with one fenced block (\`\`\`) that holds the imports and the tests that are still missing: those that failed, put right, and new ones that would fail if the function were changed as is shown. Tests that are kept already are not to be repeated. Nothing else.`,
  user: `What is wanted, and where it goes:
{{place}}
The function:
{{function}}
Imports of its file, and what its file exports:
{{imports}}
A test file of the project, as an example of style:
{{example}}
The earlier answer:
{{answer}}
What came of it, and changes of the function that no test notices:
{{findings}}
Titles that are taken:
{{titles}}
Write the missing tests.`,
});
