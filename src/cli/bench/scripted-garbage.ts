// A model that talks rubbish, in every way that models have been seen to: the same rubbish for the same case.
import { createHash } from "node:crypto";
import { askedFor, choiceOf, fencedBlock, labelled, readPrompt, writingOf } from "./models-prompt.ts";
import type { ScriptedQuestion } from "./models-prompt.ts";

type Rubbish = (question: ScriptedQuestion, seed: string) => string;

/** A number from 0 to `below` - 1, the same for the same words. */
const numberFrom = (words: string, below: number): number =>
  createHash("sha256").update(words).digest().readUInt32BE(0) % below;

const vocabulary = "lorem ipsum return null value = 0 ; } { const x merge side test 42 the answer is".split(
  " ",
);

/** Words that change from sample to sample. */
function babble(seed: string): string {
  return Array.from(
    { length: 3 + numberFrom(seed, 20) },
    (_, index) => vocabulary[numberFrom(`${seed} ${index}`, vocabulary.length)] ?? "",
  ).join(" ");
}

/** Whole lines of both sides, in disorder: every word is known, and the whole is wrong. */
function shuffledLines({ user }: ScriptedQuestion, seed: string): string {
  const { blocks } = readPrompt(user);
  const lines = [...blocks]
    .filter(([name]) => !name.startsWith("options."))
    .flatMap(([, text]) => text.split("\n"))
    .filter((line) => line.trim() !== "");
  const keyed = lines.map((line, index) => ({ line, key: numberFrom(`${seed} ${index}`, 2 ** 31) }));
  return keyed
    .toSorted((one, other) => one.key - other.key)
    .slice(0, 1 + numberFrom(seed, 6))
    .map(({ line }) => `${line}\n`)
    .join("");
}

/** In the form that is asked for: a label, a block, or a decision. */
const either =
  (label: Rubbish, text: Rubbish): Rubbish =>
  (question, seed) => {
    const form = askedFor(question);
    if (form === "text") return fencedBlock(text(question, seed));
    const chosen = label(question, seed);
    if (form === "label") return labelled(question, chosen);
    return chosen === "NONE" ? writingOf(text(question, seed)) : choiceOf(chosen);
  };

function anyLabel({ user }: ScriptedQuestion, seed: string): string {
  const labels = [...readPrompt(user).options.map(({ label }) => label), "NONE"];
  return labels[numberFrom(seed, labels.length)] ?? "NONE";
}

/** By the case alone: for these all samples are alike. */
const constant = "return null;\n";

const kinds: readonly Rubbish[] = [
  (_, seed) => babble(seed),
  either(anyLabel, (_, seed) => babble(seed)),
  either(
    () => "A",
    () => constant,
  ),
  either(
    () => "NONE",
    () => "",
  ),
  either(
    () => "NONE",
    () => constant,
  ),
  either(() => "NONE", shuffledLines),
  // The same disorder in every sample: agreement says nothing here.
  either(
    () => "NONE",
    (question) => shuffledLines(question, ""),
  ),
  ({ user }) => `\`\`\`\n${user.slice(-200)}`,
  () => '{"result":{"label":["A","B"],"confidence":0.99}}',
  () => "",
];

/** The kind of rubbish goes by the case, so that all samples of a question are of one kind. */
export function rubbish(question: ScriptedQuestion, caseId: string): string {
  const kind = kinds[numberFrom(`kind ${caseId}`, kinds.length)];
  const seed = JSON.stringify([caseId, question.seed, question.user]);
  return kind?.(question, seed) ?? "";
}
