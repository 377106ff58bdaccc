// What a model is shown of a function: data, each piece bounded.
import type { PromptData, Untrusted } from "../../core/prompt.ts";
import { functionsIn } from "../../syntax/functions.ts";
import type { Work } from "./draft.ts";

const bounded = (text: string, maxBytes: number, maxLines: number): Untrusted => ({
  text,
  maxBytes,
  maxLines,
});

const frameworks: Readonly<Record<string, string>> = {
  node: "node:test with node:assert/strict",
  pytest: "pytest",
  go: "Go's testing package",
};

/** `taken` are titles that a test may not have. */
export async function shownFunction(work: Work, taken: readonly string[]): Promise<PromptData> {
  const { wanted, place, known, example } = work;
  const { target } = wanted;
  const lines = target.text.split("\n");
  const framework = frameworks[known.runner ?? ""] ?? known.runner ?? "as in the example";
  const where = place.exists ? `appended to ${place.testPath}` : `a new file, ${place.testPath}`;
  const description = [
    `function: ${target.span.name}`,
    `file: ${target.path}`,
    `framework: ${framework}`,
    `tests go to: ${where}`,
  ];
  return {
    place: bounded(description.join("\n"), 800, 8),
    function: bounded(target.span.text, 8_000, 200),
    lines: bounded(
      [...target.changed].map((line) => `${line}: ${lines[line - 1] ?? ""}`).join("\n"),
      2_000,
      60,
    ),
    imports: bounded(
      `${importLines(lines)}\nexported: ${[...known.source.exports.names].join(", ")}`,
      1_500,
      40,
    ),
    callees: bounded(await calleesOf(work), 1_200, 12),
    example: bounded(example, 3_500, 60),
    titles: bounded(taken.join("\n"), 1_000, 40),
  };
}

function importLines(lines: readonly string[]): string {
  return lines
    .filter((line) => /^\s{0,8}(?:import|from)\b|\brequire\(|^package\b/.test(line))
    .slice(0, 30)
    .join("\n");
}

/** Signatures of functions of the same file that the function names. */
async function calleesOf({ wanted: { target } }: Work): Promise<string> {
  const named = new Set(target.span.text.match(/[\w$]+(?=\s{0,3}\()/g) ?? []);
  const others = await functionsIn(target.path, target.text);
  return others
    .filter(({ name, start }) => start !== target.span.start && named.has(name.split(".").at(-1) ?? name))
    .slice(0, 12)
    .map(({ signature }) => signature)
    .join("\n");
}

/** What came of an answer. */
export function findings(
  failed: readonly { readonly title: string; readonly said: string }[],
  refused: readonly { readonly title: string; readonly why: string }[],
  unnoticed: readonly string[],
): Untrusted {
  const parts = [
    ...failed.slice(0, 4).map(({ title, said }) => `The test "${title}" failed:\n${said.slice(0, 900)}`),
    ...refused.slice(0, 6).map(({ title, why }) => `The test "${title}" was not taken: ${why}.`),
    ...unnoticed.slice(0, 6).map((words) => `No test notices this change: ${words}`),
  ];
  return bounded(parts.join("\n"), 4_000, 90);
}

export const shownAnswer = (text: string): Untrusted => bounded(text, 4_000, 150);
