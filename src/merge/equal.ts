// What "the same result" means, per family of classes: sets as sets, code normalised. Used to measure precision, never to settle anything.
import { readChangelog } from "./changelog/changelog.ts";
import { importLanguageOf } from "./imports/languages.ts";
import { equalJsonFragment } from "./json/equal.ts";
import { splitStatements, statementLength } from "./imports/statement.ts";
import { collapsed, splitLines } from "./lines.ts";
import { entryKey } from "./lists/lists.ts";

/** A hunk's replacement, in the clean text around it: a statement or a section may begin before the hunk and end behind it. */
export interface Placed {
  readonly path: string;
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

const sameList = (one: readonly string[], other: readonly string[]) =>
  one.length === other.length && one.every((item, index) => item === other[index]);

const sameSet = (one: Iterable<string>, other: Iterable<string>) =>
  sameList([...new Set(one)].sort(), [...new Set(other)].sort());

/** All layout aside where the language allows it: whitespace runs are one space; Python and other indented languages keep lines and indentation. */
function equalCode(one: Placed, other: Placed): boolean {
  const flat = ({ path, text }: Placed) =>
    /\.(?:pyi?|go|rb|ya?ml)$/i.test(path)
      ? splitLines(text)
          .map((line) => line.trimEnd())
          .filter((line) => line !== "")
          .join("\n")
      : collapsed(text);
  return flat(one) === flat(other);
}

/** The same imports, in any order and layout; every line that is no import must be the same, in order. */
function equalImports(one: Placed, other: Placed): boolean {
  const mine = importsOf(one);
  const theirs = importsOf(other);
  return sameSet(mine.atoms, theirs.atoms) && sameList(mine.rest, theirs.rest);
}

function importsOf({ path, before, text, after }: Placed): { atoms: string[]; rest: string[] } {
  const language = importLanguageOf(path);
  const lines = splitLines(before + text + after);
  const atoms: string[] = [];
  const rest: string[] = [];
  for (let index = 0; index < lines.length;) {
    const count = language ? (statementLength(lines, index, language) ?? 1) : 1;
    const piece = lines.slice(index, index + count).join("");
    const statements = language && splitStatements(piece, language);
    if (statements) atoms.push(...statements.flatMap((statement) => statement.atoms));
    else
      rest.push(
        ...splitLines(piece)
          .map(collapsed)
          .filter((line) => line !== ""),
      );
    index += count;
  }
  return { atoms, rest };
}

/** The same entries, in any order; separators between entries and layout aside. An entry that occurs twice must occur twice. */
function equalEntries(one: Placed, other: Placed): boolean {
  const entries = ({ text }: Placed) =>
    splitLines(text)
      .map((line) => entryKey(line))
      .filter((key) => key !== "")
      .sort();
  return sameList(entries(one), entries(other));
}

/** The same headings in order, and under each the same bullets as a set; the bullets' text exact but for whitespace. */
function equalChangelog(one: Placed, other: Placed): boolean {
  const mine = readChangelog(one.before + one.text + one.after).sections;
  const theirs = readChangelog(other.before + other.text + other.after).sections;
  const headings = (sections: typeof mine) => sections.map(({ heading }) => heading?.key ?? "");
  const keys = (entries: (typeof mine)[number]["entries"] | undefined) =>
    entries?.map(({ key }) => key) ?? [];
  return (
    sameList(headings(mine), headings(theirs)) &&
    mine.every(({ entries }, index) => sameSet(keys(entries), keys(theirs[index]?.entries)))
  );
}

/** The same requirements, in any order and layout: Go sorts them itself. */
function equalGoMod(one: Placed, other: Placed): boolean {
  const lines = ({ text }: Placed) => splitLines(text).map(collapsed);
  return sameSet(lines(one), lines(other));
}

const families: Readonly<Record<string, (one: Placed, other: Placed) => boolean>> = {
  imports: equalImports,
  lists: equalEntries,
  changelog: equalChangelog,
  "go-mod": equalGoMod,
};

/** JSON by its values: keys in any order, layout and comments aside. */
function equalJson(one: Placed, other: Placed): boolean {
  return equalJsonFragment(one.text, other.text, { before: one.before, after: one.after });
}

/** The notion of equality of a class: its family's own, JSON by its values, else code normalised. */
export function equalityOf(className: string, path: string): (one: Placed, other: Placed) => boolean {
  const family = families[className.split("/")[0] ?? ""];
  return family ?? (/\.(?:json[c5]?)$/i.test(path) ? equalJson : equalCode);
}
