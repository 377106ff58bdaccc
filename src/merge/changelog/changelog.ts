// Changelogs as sections of entries: reading, and merging both sides' entries as sets per section.
import semver from "semver";
import { collapsed, splitLines, withoutEnding } from "../lines.ts";
import { compareSets, kindOf, unionOrdered } from "../lists/ordered-union.ts";
import type { SetChangeKind } from "../lists/ordered-union.ts";

/** A bullet with its continuation lines, or a paragraph. */
export interface ChangelogEntry {
  /** Text with single spaces: what makes two entries the same. */
  readonly key: string;
  /** Blank lines before it. */
  readonly lead: string;
  /** Its whole lines. */
  readonly text: string;
  readonly isBullet: boolean;
}

/** A heading and what stands under it; the first section has no heading. */
interface ChangelogSection {
  readonly heading: { readonly key: string; readonly lead: string; readonly text: string } | null;
  readonly entries: readonly ChangelogEntry[];
}

export interface Changelog {
  readonly sections: readonly ChangelogSection[];
  /** Blank lines at the end. */
  readonly tail: string;
}

const changelogName =
  /(?:^|\/)(?:change[-_]?logs?|changes|history|news|releases?|release[-_]notes?|whats?[-_]?new)(?:[-_.][^/]*)?$/i;

/** Whether a path is a changelog by its name, in a prose format. */
export function isChangelog(path: string): boolean {
  return changelogName.test(path) && !/\.(?:json|ya?ml|toml|[cm]?[jt]sx?|py|go|rs|java)$/i.test(path);
}

const atxHeading = /^#{1,6}\s/;
/** A version alone, or with a bracket or a dash somewhere in it or behind it. No two parts of the pattern can match one character. */
const versionHeading = /^\[?v?\d+\.\d[^\s(–-]*\s*(?:[(–-]|$)/;
const labelHeading = /^[A-Z][\w ,&/-]{1,60}:\s*$/;
const underline = /^(?:={3,}|-{3,}|~{3,}|\^{3,}|"{3,})\s*$/;
const bullet = /^([ \t]*)(?:[-*+•]|\d{1,3}[.)])[ \t]+\S/;

type OpenEntry = Omit<ChangelogEntry, "key">;

interface Reader {
  readonly sections: { readonly heading: ChangelogSection["heading"]; readonly entries: OpenEntry[] }[];
  lead: string;
  /** Columns of the bullet that is open for continuation lines; `null` when the last line was blank or a heading. */
  indent: number | null;
}

function isHeading(line: string, next: string): boolean {
  return (
    atxHeading.test(line) ||
    versionHeading.test(line) ||
    labelHeading.test(line) ||
    (underline.test(next) && /^\S/.test(line) && !bullet.test(line))
  );
}

/** Reads a changelog, or a piece of one. Total: every line ends up in a heading, an entry, or the blank lines before one. */
export function readChangelog(text: string): Changelog {
  const reader: Reader = { sections: [{ heading: null, entries: [] }], lead: "", indent: null };
  const lines = splitLines(text);
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? "";
    const next = withoutEnding(lines[index + 1] ?? "");
    if (line.trim() === "") {
      reader.lead += line;
    } else if (isHeading(withoutEnding(line), next)) {
      const underlined = underline.test(next);
      const heading = underlined ? line + (lines[++index] ?? "") : line;
      reader.sections.push({
        heading: { key: collapsed(line), lead: reader.lead, text: heading },
        entries: [],
      });
      reader.lead = "";
      reader.indent = null;
    } else addLine(reader, line);
  }
  const sections = reader.sections.map(({ heading, entries }) => ({
    heading,
    entries: entries.map((entry) => ({ ...entry, key: collapsed(entry.text) })),
  }));
  return { sections, tail: reader.lead };
}

function addLine(reader: Reader, line: string): void {
  const entries = reader.sections.at(-1)?.entries ?? [];
  const indent = /^[ \t]*/.exec(line)?.[0].length ?? 0;
  const isBullet = bullet.test(line);
  const last = entries.at(-1);
  const nested = reader.indent !== null && indent > reader.indent;
  const lazy = reader.lead === "" && !isBullet;
  if (last && reader.indent !== null && (nested || lazy)) {
    entries[entries.length - 1] = { ...last, text: last.text + reader.lead + line };
  } else {
    entries.push({ lead: reader.lead, text: line, isBullet });
    reader.indent = isBullet ? indent : 0;
  }
  reader.lead = "";
}

/** All entries, each with its section: what a changelog holds, as a set. */
function entryKeys(changelog: Changelog): string[] {
  return changelog.sections.flatMap(({ heading, entries }) =>
    entries.map((entry) => `${heading?.key ?? ""}\n${entry.key}`),
  );
}

/** Sections by heading; `null` when a heading occurs twice, for then it is not clear where an entry belongs. */
function bySection(changelog: Changelog): ReadonlyMap<string, ChangelogSection> | null {
  const map = new Map(changelog.sections.map((section) => [section.heading?.key ?? "", section]));
  return map.size === changelog.sections.length ? map : null;
}

const headingsOf = ({ sections }: Changelog) => sections.flatMap(({ heading }) => heading?.key ?? []);

/** Whether a side starts below the level of a heading that is in the piece: then it is not seen which version its notes belong to. */
function isRootless(sides: readonly Changelog[]): boolean {
  const levels = sides.map((side) => headingsOf(side).map((key) => /^#*/.exec(key)?.[0].length ?? 0));
  const top = levels.flat().reduce((least, level) => Math.min(least, level), Number.POSITIVE_INFINITY);
  return levels.some(([first]) => first !== undefined && first > top);
}

const versionsOf = (changelog: Changelog) =>
  headingsOf(changelog).flatMap((key) => semver.coerce(key, { includePrerelease: true }) ?? []);
const falls = (versions: readonly semver.SemVer[]) =>
  versions.every((version, at) => at === 0 || semver.gt(versions[at - 1] ?? version, version));

/** Whether a version has two headings, or an older one stands above a newer one, and no side has it so. */
function isOutOfOrder(text: string, sides: readonly Changelog[]): boolean {
  return !falls(versionsOf(readChangelog(text))) && sides.every((side) => falls(versionsOf(side)));
}

/** Whether the notes are these and no others: a side that renames a heading takes away the place of what the other adds below it. */
function holds(text: string, keys: readonly string[]): boolean {
  return entryKeys(readChangelog(text)).sort().join("\0") === [...keys].sort().join("\0");
}

export interface MergedChangelog {
  readonly text: string;
  readonly kind: SetChangeKind;
}

/**
 * Merges three versions of a piece of a changelog: entries as sets per section, each side's order kept, ours first. `null` where a section or an entry
 * occurs twice in one version. Keeps what both sides add, drops what one side removed.
 */
export function mergeChangelogs(base: string, ours: string, theirs: string): MergedChangelog | null {
  const read = { base: readChangelog(base), ours: readChangelog(ours), theirs: readChangelog(theirs) };
  const maps = { base: bySection(read.base), ours: bySection(read.ours), theirs: bySection(read.theirs) };
  if (!maps.base || !maps.ours || !maps.theirs) return null;
  const keys = { base: entryKeys(read.base), ours: entryKeys(read.ours), theirs: entryKeys(read.theirs) };
  const twice = Object.values(keys).some((list) => new Set(list).size < list.length);
  if (twice || isRootless(Object.values(read))) return null;
  let text = "";
  for (const key of unionOrdered([...maps.base.keys()], [...maps.ours.keys()], [...maps.theirs.keys()])) {
    text += headingText(maps.ours.get(key) ?? maps.theirs.get(key));
    text += mergeSection(maps.base.get(key), maps.ours.get(key), maps.theirs.get(key));
  }
  const tail = read.ours.tail === "" ? read.theirs.tail : read.ours.tail;
  const kept = unionOrdered(keys.base, keys.ours, keys.theirs);
  if (!holds(text, kept) || isOutOfOrder(text, [read.ours, read.theirs])) return null;
  return { text: text + tail, kind: kindOf(compareSets(keys.base, keys.ours, keys.theirs)) };
}

type Section = ChangelogSection | undefined;

const headingText = (section: Section) =>
  section?.heading ? section.heading.lead + section.heading.text : "";

const entriesIn = (section: Section) => section?.entries ?? [];
const keysIn = (section: Section) => entriesIn(section).map(({ key }) => key);

function mergeSection(base: Section, ours: Section, theirs: Section): string {
  const all = [...entriesIn(ours), ...entriesIn(theirs)];
  const entries = new Map(all.toReversed().map((entry) => [entry.key, entry]));
  const firsts = new Set([entriesIn(ours)[0], entriesIn(theirs)[0]]);
  // Blank lines before a side's first entry belong to what stands above it, not to the entry.
  const leadOfFirst = all[0]?.lead ?? "";
  const leadBetween = all.find((entry) => !firsts.has(entry))?.lead ?? "";
  return unionOrdered(keysIn(base), keysIn(ours), keysIn(theirs))
    .flatMap((key) => entries.get(key) ?? [])
    .map((entry, index) => {
      if (index === 0) return leadOfFirst + entry.text;
      return (firsts.has(entry) ? leadBetween : entry.lead) + entry.text;
    })
    .join("");
}
