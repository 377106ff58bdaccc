// A model writes lines that end in `\n` at an indentation of its own: here they become lines of the file that they go into.

/** Lines without their ends; no empty one behind the last end. */
export function linesOf(text: string): string[] {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

/** Lines with their ends again. */
export const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

const isBlank = (line: string): boolean => line.trim() === "";

const indentOf = (line: string): string => /^[\t ]*/.exec(line)?.[0] ?? "";

/**
 * Moves all lines by the same white space, so that the first one stands where `like` does. Lines that cannot be moved so far (they stand further left than the
 * move takes away) leave the text as it is.
 */
export function shiftedTo(text: string, like: string): string {
  const lines = linesOf(text);
  const first = lines.find((line) => !isBlank(line));
  const model = linesOf(like).find((line) => !isBlank(line));
  if (first === undefined || model === undefined) return text;
  const from = indentOf(first);
  const to = indentOf(model);
  if (from === to) return text;
  const fits = lines.every((line) => isBlank(line) || line.startsWith(from));
  if (!fits) return text;
  return lines.map((line) => `${isBlank(line) ? "" : to + line.slice(from.length)}\n`).join("");
}

/** With the line ends of `like`: `\r\n` where its first line has that. */
export function withEndsOf(like: string, text: string): string {
  const plain = text.replaceAll("\r\n", "\n");
  const first = like.indexOf("\n");
  return first > 0 && like.charAt(first - 1) === "\r" ? plain.replaceAll("\n", "\r\n") : plain;
}

/** Whether a last line's end is there exactly where `like` has one. */
export function withLastEndOf(like: string, text: string): string {
  const bare = text.replace(/\r?\n$/, "");
  return like.endsWith("\n") ? text : bare;
}

/** A byte order mark in front, where `like` has one. */
export function withMarkOf(like: string, text: string): string {
  const mark = "\uFEFF";
  const bare = text.startsWith(mark) ? text.slice(1) : text;
  return like.startsWith(mark) ? mark + bare : bare;
}
