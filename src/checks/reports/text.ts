// Hostile text made fit to be an id or a message: no control characters, no colours, no paths of the sandbox, bounded length.
import { sandboxPaths } from "../../core/sandbox.ts";

/** UTF-16 units of one id: what a person can still tell apart from its neighbours. */
export const idLength = 400;
const messageLength = 600;
const messageLines = 8;
/** UTF-16 units of all that a failed test said: what a stack and a difference take. */
const detailLength = 8_000;
/** UTF-16 units of a stack that are looked through. */
const longestStack = 32_000;

const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
/** Colours and cursor movements, titles of terminals, and the short forms of both. */
const terminalCodes = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\-_])`,
  "g",
);
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

export function withoutColours(text: string): string {
  return text.replace(terminalCodes, "");
}

/** At most `limit` UTF-16 units and never half a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const splits = /[\uD800-\uDBFF]/.test(text.charAt(limit - 1));
  return text.slice(0, splits ? limit - 1 : limit);
}

/** One line: every run of spaces and of what cannot be seen is one space. Reads no more than eight times `limit`. */
export function oneLine(text: string, limit: number = idLength): string {
  const head = withoutColours(cut(text, 8 * limit));
  return cut(head.replace(unseen, " ").replace(/\s+/g, " ").trim(), limit);
}

/** The first lines that are not empty, for people. */
export function firstLines(text: string): string {
  const lines = cut(text, 8 * messageLength)
    .split(/\r\n|[\r\n]/)
    .map((line) => oneLine(line))
    .filter((line) => line !== "");
  return cut(lines.slice(0, messageLines).join("\n"), messageLength);
}

/** The whole text for a model and for people, paths as the repository names them. Of one that is too long, the beginning and the end. */
export function wholeText(text: string): string {
  const plain = withoutColours(cut(text, 8 * detailLength))
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{C}\n\t]|[\p{Zl}\p{Zp}]/gu, " ")
    .replace(/(?<![\w.%/-])(?:file:\/\/)?\/project\/(?=[\w.@[(-])/g, "")
    .replace(/^\s*\n/, "")
    .trimEnd();
  if (plain.length <= detailLength) return plain;
  const left = "\n[…]\n";
  const half = Math.floor((detailLength - left.length) / 2);
  return `${cut(plain, half)}${left}${plain.slice(-half).replace(/^[\uDC00-\uDFFF]/, "")}`;
}

/** A path as the repository names it: without the sandbox's folder, `file://` and a leading `./`. Another absolute path stays as it is. */
export function projectPath(path: string): string {
  const plain = path.startsWith("file://")
    ? decoded(path.slice("file://".length))
    : path.replaceAll("\\", "/");
  const project = `${sandboxPaths.project}/`;
  const inside = plain.startsWith(project) ? plain.slice(project.length) : plain;
  return inside.replace(/^(?:\.\/)+/, "");
}

/** The file in the innermost frame of node's own tests in a stack: "at TestContext.<anonymous> (file:///project/a.test.mjs:5:29)"; "" where there is none. */
export function testFrame(stack: string): string {
  const frame = /(?:Test(?:Context)?|SuiteContext)\.<anonymous> \(([^()\n]{1,4096}):\d{1,9}:\d{1,9}\)/.exec(
    stack.slice(0, longestStack),
  );
  return frame?.[1] === undefined ? "" : projectPath(frame[1]);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
