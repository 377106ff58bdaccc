// A small reader of Markdown for tests: what is left outside of code, and whether markup could come out of it.

/** A line that opens or closes a fence. */
const fenceLine = /^(`{3,})([^`]*)$/;

/** The text outside fenced blocks and code spans, with backslash escapes taken out. HTML that we write ourselves is left in. */
export function outsideCode(markdown: string): string {
  const lines: string[] = [];
  let open: string | null = null;
  for (const line of markdown.split("\n")) {
    const [, ticks = "", info = ""] = fenceLine.exec(line) ?? [];
    if (open !== null) {
      if (ticks.length >= open.length && info.trim() === "") open = null;
    } else if (ticks !== "") open = ticks;
    else lines.push(withoutCodeSpans(line));
  }
  if (open !== null) throw new Error("A fence stays open.");
  return lines.join("\n");
}

/** CommonMark 6.1: a run of backticks closes at the next run of the same length; an escaped backtick opens nothing. */
function withoutCodeSpans(line: string): string {
  let out = "";
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    if (/^\\[!-/:-@[-`{-~]/.test(rest)) {
      at += 2;
      continue;
    }
    const run = /^`+/.exec(rest)?.[0] ?? "";
    const close = run === "" ? -1 : closingRun(line, at + run.length, run.length);
    if (close >= 0) at = close;
    else {
      out += run === "" ? line.charAt(at) : run;
      at += Math.max(1, run.length);
    }
  }
  return out;
}

function closingRun(line: string, from: number, length: number): number {
  for (const match of line.slice(from).matchAll(/`+/g)) {
    if (match[0].length === length) return from + match.index + length;
  }
  return -1;
}

/** HTML that the renderer writes on purpose; the content of `<code>` must be escaped. */
const ownHtml =
  /^<!-- errand:sticky -->$|<details><summary>|<\/summary>|<\/details>|<code>[^<>&`]*(?:&#\d+;[^<>&`]*)*<\/code>/gm;

/** What could become an image, a link, a mention, a reference or HTML; empty when all is well. */
export function dangersIn(markdown: string): string[] {
  const text = outsideCode(markdown).replace(ownHtml, "");
  const patterns = [
    /!\[/g,
    /\]\(/g,
    /\[[^\]]*\]/g,
    /<[a-zA-Z/!?]/g,
    /@[a-zA-Z0-9]/g,
    /#\d/g,
    /:\/\//g,
    /\bwww\./gi,
    /&(?!amp;|lt;|gt;)[a-zA-Z#]/g,
    /(?![\n\t])\p{Cc}|[\u202A-\u202E\u2066-\u2069\u200C-\u200F]/gu,
  ];
  return patterns.flatMap((pattern) => text.match(pattern) ?? []);
}
