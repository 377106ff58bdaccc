// JSON that may be anything, looked at one field at a time.

export type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** An object's own fields; none where it is not an object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** "" where it is not a text. */
export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** `undefined` where the text is not JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A report is the last thing that a runner writes; a few are tried where tests print things that look like one. */
const mostStarts = 8;

/**
 * The JSON object that begins with one of the fields that `start` finds, with anything written before and after it; the last that can be parsed.
 * `start` is global and matches from the object's brace on.
 */
export function embeddedJson(text: string, start: RegExp): unknown {
  const whole = jsonOf(text);
  if (whole !== undefined) return whole;
  const starts: number[] = [];
  for (const match of text.matchAll(start)) starts.push(match.index);
  for (const index of starts.slice(-mostStarts).reverse()) {
    const end = endOfObject(text, index);
    const value = end === null ? undefined : jsonOf(text.slice(index, end));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** The position after the brace that closes the one at `start`; `null` where none does. */
function endOfObject(text: string, start: number): number | null {
  let depth = 0;
  const tokens = /["{}]/g;
  tokens.lastIndex = start;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '"') {
      const end = endOfString(text, token.index);
      if (end === null) return null;
      tokens.lastIndex = end;
    } else {
      depth += token[0] === "{" ? 1 : -1;
      if (depth === 0) return token.index + 1;
    }
  }
  return null;
}

function endOfString(text: string, start: number): number | null {
  for (let index = start + 1; index < text.length; index++) {
    const character = text[index];
    if (character === "\\") index++;
    else if (character === '"') return index + 1;
    else if (character === "\n") return null;
  }
  return null;
}
