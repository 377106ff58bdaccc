// The same questions in few words, after an answer that was out of form: very small models write the code when they are asked for nothing else.
import { definePrompt } from "../../../core/prompt.ts";
import type { PromptTemplate } from "../../../core/prompt.ts";
import { writeFilePrompt } from "./write-file.ts";
import { writeFunctionPrompt } from "./write-function.ts";
import { writeTestPrompt } from "./write-test.ts";

/** Of the same name and with the same data, so that nothing but the words differs. */
function inFewWords({ name, user }: PromptTemplate, system: string, demand: string): PromptTemplate {
  const shown = user.slice(0, user.lastIndexOf("\n"));
  return definePrompt(name, { system, user: `${shown}\n${demand}` });
}

const inFewWordsOf = new Map([
  [
    writeFunctionPrompt.hash,
    inFewWords(
      writeFunctionPrompt,
      `You repair one function of a software project. A test or a check fails, and the fault is probably in this function.
Write the whole function again with the fault put right for all inputs. Keep its name and its parameters, and change as little as possible.
Answer with the function in one fenced block (\`\`\`) and nothing else: no explanation, no imports, no other code.
Only if the fault is not in this function, answer with one line instead: GIVE_UP: <reason>`,
      "Write the whole function with the fault put right, in one fenced block:",
    ),
  ],
  [
    writeFilePrompt.hash,
    inFewWords(
      writeFilePrompt,
      `You repair one short file of a software project. A test or a check fails, and the fault is probably in this file.
Write the whole file again with the fault put right for all inputs, and change as little as possible.
Answer with the file in one fenced block (\`\`\`) and nothing else. Where a line of the file itself begins with a fence, use a longer one around it.
Only if the fault is not in this file, answer with one line instead: GIVE_UP: <reason>`,
      "Write the whole file with the fault put right, in one fenced block:",
    ),
  ],
  [
    writeTestPrompt.hash,
    inFewWords(
      writeTestPrompt,
      `You bring one test of a software project up to date: a pull request changed the source that it exercises.
Write the whole test again so that it checks what the changed source is meant to do. Keep its title and every check that still holds, and check as exactly as before.
Answer with the test in one fenced block (\`\`\`) and nothing else: no explanation, no other code.
Only if the change looks like a mistake, answer with one line instead: GIVE_UP: <reason>`,
      "Write the whole test, brought up to date, in one fenced block:",
    ),
  ],
]);

/** The question that asks for the code and nothing else, in the place of one that asks for a cause first. */
export const codeAlone = (prompt: PromptTemplate): PromptTemplate => inFewWordsOf.get(prompt.hash) ?? prompt;
