// One line of a CI job's log made plain: its time apart, without colours, progress bars and control characters, bounded.

/** UTF-16 units of a line that are kept. */
const lineLength = 1_000;
/** What is looked at of a raw line: colours and time stamps take their part of it. */
export const rawLength = 8 * lineLength;

export interface LogLine {
  /** Seconds as GitHub writes them, "2026-01-01T00:00:05", which sort as text; `null` where the line names no time. */
  readonly time: string | null;
  readonly text: string;
  /** GitHub's own sign at the start of a line: `##[group]`, `##[error]` and their like; "" where there is none. */
  readonly marker: string;
}

const byteOrderMark = 0xfeff;
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z(?: |$)/;
const marker = /^##\[(\w{1,20})\]/;
const escape = String.fromCharCode(0x1b);
const bell = String.fromCharCode(0x07);
/** Colours and cursor movements, titles of terminals, and the short forms of both. */
const terminalCodes = new RegExp(
  `${escape}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${bell}${escape}]*(?:${bell}|${escape}\\\\)?|[@-Z\\\\-_])`,
  "g",
);
const control = /\p{Cc}/u;
const controls = /\p{Cc}/gu;

/** `raw` is one line without its line feed; beyond `rawLength` it is not looked at. */
export function readLogLine(raw: string): LogLine {
  const whole = raw.length > rawLength ? raw.slice(0, rawLength) : raw;
  const line = whole.charCodeAt(0) === byteOrderMark ? whole.slice(1) : whole;
  const [stamped = "", time = null] = stamp.exec(line) ?? [];
  const text = plain(line.slice(stamped.length));
  const [marked = "", name = ""] = marker.exec(text) ?? [];
  return { time, text: cut(text.slice(marked.length)), marker: name };
}

/** Of what a progress bar wrote over itself, the last that stayed. A tab stays; other control characters go. */
function plain(text: string): string {
  if (!control.test(text)) return text;
  const uncoloured = text.replace(terminalCodes, "");
  const last = uncoloured.split("\r").findLast((part) => part !== "") ?? "";
  return last.replace(controls, (character) => (character === "\t" ? character : ""));
}

/** Never half a character. */
function cut(text: string): string {
  return text.length <= lineLength ? text : text.slice(0, lineLength).replace(/[\uD800-\uDBFF]$/, "");
}
