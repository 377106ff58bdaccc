// Whether two texts say the same, but for spaces that no language reads.

/**
 * Line by line; line endings, spaces at the ends of lines and empty lines do not count, and a run of spaces or tabs inside a line is one space. The spaces
 * that a line begins with count as they are: in some languages they are syntax.
 */
export function sameLines(one: string, other: string): boolean {
  return withoutLayout(one) === withoutLayout(other);
}

function withoutLayout(text: string): string {
  const lines = text.split(/\r\n|[\r\n]/).map((line) => {
    const words = line.trimStart();
    return line.slice(0, line.length - words.length) + words.trimEnd().replaceAll(/[ \t]+/g, " ");
  });
  return lines.filter((line) => line.trim() !== "").join("\n");
}
