// Small words on hostile text: names cut for a sentence, and code without its layout.

const shownName = 80;

/** A name for a sentence: on one line, in quotes, cut. */
export function quoted(name: string): string {
  const line = name.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ").trim();
  return `"${line.length > shownName ? `${line.slice(0, shownName)}…` : line}"`;
}

/** Code without spaces, semicolons, trailing commas and the kind of its quotes: equal for what a formatter makes of it. */
export function squeeze(code: string): string {
  return code
    .replaceAll(/\s+/g, "")
    .replaceAll(/['`]/g, '"')
    .replaceAll(/[,;]+([)\]}]|$)/g, "$1")
    .replaceAll(";", "");
}

/** How often each is there. */
function counted(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

/** Those of `one` that `other` has not, each as often as it is missing. */
export function without<T>(one: readonly T[], other: readonly T[], text: (item: T) => string): readonly T[] {
  const left = counted(other.map(text));
  return one.filter((item) => {
    const count = left.get(text(item)) ?? 0;
    if (count > 0) left.set(text(item), count - 1);
    return count === 0;
  });
}

const literalPattern = /^(?:-?\d[\w.]*|"[^"]*"|true|false|null|undefined|None|True|False|nil|\[\]|\{\})$/;

/** Whether squeezed code is one constant. */
export function isLiteral(squeezed: string): boolean {
  return literalPattern.test(squeezed);
}
