// Words of a result that are in none of the texts it was made of, by the judge's own reading.

const isWordCharacter = (character: string): boolean =>
  /[\p{Alphabetic}\p{Number}\p{Mark}_$]/u.test(character);

/** Names, numbers and words: the longest runs of such characters. */
function wordsIn(text: string): Set<string> {
  const words = new Set<string>();
  let word = "";
  for (const character of text) {
    if (isWordCharacter(character)) {
      word += character;
      continue;
    }
    if (word !== "") words.add(word);
    word = "";
  }
  if (word !== "") words.add(word);
  return words;
}

/** Each once, in the order in which they appear. */
export function strangeWords(result: string, sources: readonly string[]): string[] {
  const known = new Set(sources.flatMap((text) => [...wordsIn(text)]));
  return [...wordsIn(result)].filter((word) => !known.has(word));
}
