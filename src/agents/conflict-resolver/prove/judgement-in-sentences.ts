// What the checks said of one merged tree, for people: the judgement, names of what broke, what was in the way, and which commands were run.
import type { Judgement } from "../../../checks/judge.ts";
import { judgementInWords } from "../../../checks/judge-words.ts";
import type { CheckRun } from "../../../core/checks.ts";

/** Names that are shown of what broke: enough to know where to look. */
const shownNames = 5;
/** Characters of one of them. */
const longestName = 200;

/** Names and commands, which are hostile text, stand between backticks. */
export function judgementInSentences(judgement: Judgement, merged: CheckRun): string {
  const { brokenTests, typeErrors, lostTests, newFailures } = judgement;
  // Of those that were stopped the judgement itself tells.
  const troubles = merged.commands.flatMap(({ status, trouble }) => (status === "stopped" ? [] : trouble));
  const lines = new Set(merged.commands.map(({ command }) => code(command)));
  const sentences = [
    asSentence(judgementInWords(judgement)),
    named("No longer passing", brokenTests),
    named("New type errors", typeErrors),
    named("Gone", lostTests),
    named("Failing", newFailures),
    ...new Set(troubles),
    lines.size === 0 ? "" : `Run: ${[...lines].join(", ")}.`,
  ];
  return sentences.filter((sentence) => sentence !== "").join(" ");
}

function named(what: string, { names, total }: Judgement["brokenTests"]): string {
  if (total === 0) return "";
  const shown = names.slice(0, shownNames).map(code);
  const more = total > shown.length ? `, and ${total - shown.length} more` : "";
  return `${what}: ${shown.join(", ")}${more}.`;
}

function code(text: string): string {
  const line = text.replaceAll("`", "'").replaceAll(/\s+/g, " ");
  return `\`${line.length > longestName ? `${line.slice(0, longestName)}…` : line}\``;
}

const asSentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
