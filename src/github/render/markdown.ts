// GitHub-flavoured Markdown from hostile text: nothing that is passed in can become markup, a mention or a link.
import { cut, visible, visibleLine } from "../text.ts";

/** A zero-width space: breaks a mention or an automatic link where no escape does, because GitHub looks for them after parsing. */
const breaker = "\u200B";
/** No name, path or reason is shown longer than this, in characters. */
const lineLimit = 2000;

function longestRun(text: string): number {
  let longest = 0;
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return longest;
}

/** A code span that holds the whole text, on one line. */
export function codeSpan(text: string, limit = lineLimit): string {
  const shown = visibleLine(text, limit);
  if (shown.trim() === "") return "` `";
  const ticks = "`".repeat(longestRun(shown) + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? " " : "";
  return `${ticks}${pad}${shown}${pad}${ticks}`;
}

/** Plain words on one line: markup is escaped; mentions, issue numbers and addresses are broken. */
function plain(text: string, limit = lineLimit): string {
  return breakReferences(
    visibleLine(text, limit)
      .replace(/[\\`*_[\]~|$]/g, "\\$&")
      .replace(/&/g, "&amp;")
      .replace(/</g, "&lt;")
      .replace(/>/g, "&gt;"),
  ).replace(/^(\s*)(\d*)([#+\-=.)])/, "$1$2\\$3");
}

/** What GitHub links in finished text: @name, #1, GH-1, http://…, www.…, and e-mail addresses (by their @). */
function breakReferences(text: string): string {
  return text
    .replace(/@/g, `@${breaker}`)
    .replace(/#(?=\d)/g, `#${breaker}`)
    .replace(/\b(gh)-(?=\d)/gi, `$1-${breaker}`)
    .replace(/:(?=\/\/)/g, `:${breaker}`)
    .replace(/(www)\./gi, `$1${breaker}.`);
}

/** Words that may hold `code` between backticks. Each part is escaped for where it stands, so no pairing of backticks is wrong. */
export function prose(text: string, limit = lineLimit): string {
  return cut(text.trim(), limit)
    .split(/(`[^`\n]+`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1), limit) : plain(part, limit)))
    .join("");
}

/** A cell of a table: in code spans a bar ends the cell whatever stands before it, so it is written out. */
export function codeCell(text: string, limit: number): string {
  return codeSpan(text.replaceAll("|", "\\u{7c}"), limit);
}

export function proseCell(text: string, limit: number): string {
  return prose(text.replaceAll("|", "\\u{7c}"), limit);
}

/** A fenced block that nothing inside can close. */
export function fence(text: string, language = ""): string {
  const shown = visible(text.replaceAll("\r\n", "\n"));
  const ticks = "`".repeat(Math.max(3, longestRun(shown) + 1));
  return `${ticks}${language}\n${shown}${shown === "" || shown.endsWith("\n") ? "" : "\n"}${ticks}`;
}

/** Code inside HTML, where Markdown's escapes mean nothing. */
export function htmlCode(text: string, limit: number): string {
  const escaped = visibleLine(text, limit).replace(
    /[!-,:-@[-^`{-~]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
  return `<code>${escaped}</code>`;
}

/** A collapsed block. `summary` is HTML made by us; the blank lines let Markdown work again inside. */
export function details(summary: string, body: string): string {
  return `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Items in a row that do not fit before the rest is given up: there can be thousands, each costly to render. */
const missesAllowed = 20;

/** An item and what it was rendered as. */
interface Rendered<T> {
  readonly item: T;
  readonly text: string;
}

/** As many rendered items as fit in `budget` characters, in order, and how many do not: one that is too large hides no other. */
export function fitItems<T>(
  items: readonly T[],
  budget: number,
  render: (item: T) => string,
): { kept: Rendered<T>[]; left: number } {
  const kept: Rendered<T>[] = [];
  let used = 0;
  let misses = 0;
  for (const item of items) {
    if (misses === missesAllowed) break;
    const text = render(item);
    const fits = used + text.length + 1 <= budget;
    misses = fits ? 0 : misses + 1;
    if (!fits) continue;
    used += text.length + 1;
    kept.push({ item, text });
  }
  return { kept, left: items.length - kept.length };
}

/** `fitItems`, of which only the texts are wanted. */
export function fit<T>(
  items: readonly T[],
  budget: number,
  render: (item: T) => string,
): { kept: string[]; left: number } {
  const { kept, left } = fitItems(items, budget, render);
  return { kept: kept.map(({ text }) => text), left };
}

/** Renders a text cut as little as `budget` characters of result allow. */
export function proseWithin(text: string, budget: number): string {
  let limit = budget;
  let out = prose(text, limit);
  while (out.length > budget) {
    limit = Math.floor(limit / 2);
    out = prose(text, limit);
  }
  return out;
}

/** A word for the command line of a POSIX shell, whatever it holds. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./][A-Za-z0-9_./@+-]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
