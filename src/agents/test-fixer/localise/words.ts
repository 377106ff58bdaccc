// Words of titles, tests and functions, and how much two texts share that others do not.

const mostWords = 2_000;

/** Identifiers and words of a text as they are written, each once. */
export function identifiersOf(text: string): ReadonlySet<string> {
  return new Set((text.slice(0, 40_000).match(/[\p{L}_$][\p{L}\p{N}_$]*/gu) ?? []).slice(0, mostWords));
}

const mostCounted = 20_000;

/** How often each name is called in a text, by its looks alone: a name before a bracket. */
export function callCounts(text: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let count = 0;
  for (const [, name = ""] of text.matchAll(/([\p{L}_$][\p{L}\p{N}_$]{0,100})\s?\(/gu)) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    if ((count += 1) > mostCounted) break;
  }
  return counts;
}

/** "camelCase", "snake_case" and "HTTPServer" as their parts in lower case; parts of one letter left out. */
export function partsOf(words: Iterable<string>): ReadonlySet<string> {
  const parts = new Set<string>();
  for (const word of words) {
    const split = word.slice(0, 200).match(/\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu) ?? [];
    for (const part of split) if (part.length > 1) parts.add(singular(part.toLowerCase()));
    if (split.length > 1) parts.add(word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ""));
    if (parts.size > mostWords) break;
  }
  return parts;
}

const singular = (word: string): string =>
  word.length > 3 && word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;

/** Words that stand in tests and in functions whatever they are about. */
const common: ReadonlySet<string> = new Set(
  (
    "test it describe expect assert should const let var function return import from require async await new this " +
    "true false null undefined none self def func fn let mut string number boolean object array equal strict case " +
    "when then with for if else not and the to be of in is do does value result error input output data type get set"
  )
    .split(" ")
    .map(singular),
);

/** Words of sentences. */
export const little: ReadonlySet<string> = new Set(
  (
    "test it should when with for if not and the to be of in is do does a an or as on at from by then its that this " +
    "case using without work correctly handle"
  ).split(" "),
);

/** Names of one or two letters are in every test. */
export const isTelling = (name: string): boolean => name.length > 2 && !common.has(name.toLowerCase());

/** How rare each word is among the texts: 0 where all have it. */
export function rarity(texts: readonly ReadonlySet<string>[]): (word: string) => number {
  const counts = new Map<string, number>();
  for (const words of texts) for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return (word) => Math.log((texts.length + 1) / ((counts.get(word) ?? 0) + 0.5));
}

/** The rarity of what two texts share. */
export function shared(
  one: ReadonlySet<string>,
  other: ReadonlySet<string>,
  rare: (word: string) => number,
): number {
  let sum = 0;
  const [fewer, more] = one.size < other.size ? [one, other] : [other, one];
  for (const word of fewer) if (more.has(word) && !common.has(word)) sum += Math.max(0, rare(word));
  return sum;
}
