// The label in a model's answer, or nothing: what leaves any doubt is no vote.

/** `{"choice": "B"}` and nothing else inside, so that no second key can say another thing. */
const choice = /\{\s*"choice"\s*:\s*"([^"\\{}]{1,40})"\s*\}/;

const thought = "</think>";

/**
 * Accepted are a label alone (in quotes, bold, or with a full stop behind it), and one JSON object `{"choice": label}` at the very end of the answer, in a code
 * fence or not, with or without prose before it. What a model thought before `</think>` does not count. Labels are compared letter by letter. `null` for
 * everything else: several objects, a label with prose around it, a label that is not in `labels`.
 */
export function readLabel(text: string, labels: readonly string[]): string | null {
  const end = text.lastIndexOf(thought);
  const answer = text.slice(end === -1 ? 0 : end + thought.length).trim();
  const object = choice.exec(answer);
  const label = object === null ? bare(answer) : lastWord(object, answer);
  return label !== null && labels.includes(label) ? label : null;
}

/** The first object must also be the last thing that is said, so there is one alone. */
function lastWord(object: RegExpExecArray, answer: string): string | null {
  const rest = answer.slice(object.index + object[0].length).trim();
  if (rest !== "" && rest !== "```") return null;
  return object[1]?.trim() ?? null;
}

/** A fence that holds one line, and the signs that models put around a label. */
function bare(answer: string): string | null {
  if (answer.length > 200) return null;
  const inner = /^```\w*\n([^\n`]*)\n?```$/.exec(answer)?.[1] ?? answer;
  return /^["'`*([]*([^"'`*()[\].,:;!\s]+)["'`*)\].,:;!]*$/.exec(inner.trim())?.[1] ?? null;
}
