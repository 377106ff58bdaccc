// Small measures of texts and lines that several features share.

export const isBlank = (line: string): boolean => line.trim() === "";

/** Columns of blanks before the first other character; NaN for a blank or missing line. */
export function indentation(line: string | undefined): number {
  return line === undefined || isBlank(line) ? Number.NaN : line.length - line.trimStart().length;
}

/** Opened less closed, for round, curly and square brackets. */
export function brackets(text: string): [number, number, number] {
  const counts: [number, number, number] = [0, 0, 0];
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 40:
        counts[0]++;
        break;
      case 41:
        counts[0]--;
        break;
      case 123:
        counts[1]++;
        break;
      case 125:
        counts[1]--;
        break;
      case 91:
        counts[2]++;
        break;
      case 93:
        counts[2]--;
        break;
    }
  }
  return counts;
}

export function bracketDistance(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, count, kind) => sum + Math.abs(count - (other[kind] ?? 0)), 0);
}

/** The first dotted version in the text, three numbers; `null` without one. */
export function versionIn(text: string): readonly [number, number, number] | null {
  const match = /(\d{1,9})\.(\d{1,9})(?:\.(\d{1,9}))?/.exec(text);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)] : null;
}

/** 1 higher, -1 lower, 0.5 the same, 0 where one has none. */
export function compareVersions(one: readonly number[] | null, other: readonly number[] | null): number {
  if (!one || !other) return 0;
  for (let index = 0; index < 3; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference > 0 ? 1 : -1;
  }
  return 0.5;
}

/** Whether two or more lines stand in alphabetical order, case aside. */
export function isSorted(lines: readonly string[]): boolean {
  const keys = lines.filter((line) => !isBlank(line)).map((line) => line.trim().toLowerCase());
  return keys.length > 1 && keys.every((key, index) => index === 0 || (keys[index - 1] ?? "") <= key);
}

/** Share of the lines that match; -1 for no lines. */
export function share(lines: readonly string[], pattern: RegExp): number {
  const filled = lines.filter((line) => !isBlank(line));
  return filled.length === 0 ? -1 : filled.filter((line) => pattern.test(line)).length / filled.length;
}

export const importLine =
  /^\s*(?:import\b|from\s+\S+\s+import|(?:pub\s+)?use\s|(?:pub\s+)?mod\s|require|(?:const|let|var) [^=]*= require\(|package |"[\w./-]+"$)/;
export const commentLine = /^\s*(?:\/\/|#|\/?\*|--|<!--)/;
export const bulletLine = /^\s*(?:[-*+]|\d+\.)\s/;
export const versionText = /\d+\.\d+/;
