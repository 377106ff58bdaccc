// The tier for lists: both sides add entries, and the result has all of them.
import type { Hunk, Settlement } from "../../core/conflict.ts";
import { isChangelog } from "../changelog/changelog.ts";
import { splitLines } from "../lines.ts";
import {
  endsElement,
  entryKey,
  isLineFile,
  lineName,
  numberOf,
  openBracket,
  readEntries,
  skeleton,
} from "./lists.ts";
import type { ListEntry, ListForm, ListText } from "./lists.ts";
import { compareSets, isSorted, kindOf, unionOrdered } from "./ordered-union.ts";
import type { SetChange } from "./ordered-union.ts";
import type { HunkContext, HunkTier } from "../tier.ts";

const bulletLine = /^\s*(?:[-*+]|\d{1,3}[.)])\s+\S/;
const rowLine = /^\s*\|.*\|\s*$/;
const proseFile = /\.(?:md|mdx|rst|txt|adoc|ya?ml)$/i;

/** Merged as data, by key: never as lines. */
const dataFile = /\.(?:json[c5]?|toml|lock|sum|mod|xml|svg|csv)$/i;

/** The imports tier knows better; what it declines is no plain list. */
const importLine = /^\s*(?:import|from|use|require|export \*)\b/;

/** Says that a program writes the file: its next run decides, not a union. */
const generated = /\b(?:generated (?:by|from|with)|auto-?generated|do not edit)\b/i;

/** Longer lists are no hand's work. */
const mostEntries = 2_000;

const solidLines = (text: string) => splitLines(text).filter((line) => line.trim() !== "");

/** What the form is judged by: the sides' lines, and the solid lines right before and after the hunk. */
interface View {
  readonly sides: readonly (readonly string[])[];
  readonly lines: readonly string[];
  readonly before: string | undefined;
  readonly around: readonly string[];
}

function viewOf(hunk: Hunk, context: HunkContext): View {
  const sides = [solidLines(hunk.ours), solidLines(hunk.theirs)];
  const before = solidLines(context.before).at(-1);
  const after = solidLines(context.after).at(0);
  return { sides, lines: sides.flat(), before, around: [before, after].filter((line) => line !== undefined) };
}

function isRows({ lines, around }: View): boolean {
  return lines.every((line) => rowLine.test(line)) && around.some((line) => rowLine.test(line));
}

function isBullets({ sides, around }: View): boolean {
  const starts = sides.every(([first]) => first === undefined || bulletLine.test(first));
  return starts && around.some((line) => bulletLine.test(line));
}

/** Every line has the form of a line right beside the hunk: the list is there already. */
function isAlike({ lines, around }: View): boolean {
  const forms = new Set(around.map(skeleton));
  return lines.every((line) => forms.has(skeleton(line)) && !endsElement(line) && !importLine.test(line));
}

/** Both sides end with a separator, behind an element or an opening bracket, in a bracket that is not a call's or a parameter list's. */
function isElements({ sides, before }: View, context: HunkContext): boolean {
  const ends = sides.every((lines) => endsElement(lines.at(-1) ?? ","));
  const begins = before !== undefined && (endsElement(before) || /[[{]\s*$/.test(before));
  return ends && begins && ["[", "{"].includes(openBracket(context.before));
}

/** Which form of list the sides are; `null` for none. */
function formOf(hunk: Hunk, context: HunkContext): ListForm | null {
  if (isLineFile(context.path)) return "lines";
  if (dataFile.test(context.path)) return null;
  const view = viewOf(hunk, context);
  if (isRows(view)) return "rows";
  if (proseFile.test(context.path)) return isBullets(view) ? "bullets" : null;
  if (isAlike(view)) return "alike";
  return isElements(view, context) ? "elements" : null;
}

interface Sides {
  readonly base: ListText;
  readonly ours: ListText;
  readonly theirs: ListText;
}

const keysOf = ({ entries }: ListText) => entries.map(({ key }) => key);

function readSides(hunk: Hunk, form: ListForm): Sides | null {
  const base = readEntries(hunk.base, form);
  const ours = readEntries(hunk.ours, form);
  const theirs = readEntries(hunk.theirs, form);
  if (!base || !ours || !theirs) return null;
  const texts = [base, ours, theirs];
  const twice = texts.some((text) => new Set(keysOf(text)).size < text.entries.length);
  const long = texts.some(({ entries }) => entries.length > mostEntries);
  return twice || long || rivals({ base, ours, theirs }) ? null : { base, ours, theirs };
}

/** Whether a key stands for different things in different versions: then somebody changed an entry, and a union is no answer. */
function rivals({ base, ours, theirs }: Sides): boolean {
  const known = new Map<string, string>();
  return [base, ours, theirs].some(({ entries }) =>
    entries.some(({ key, flat }) => {
      const other = known.get(key);
      known.set(key, flat);
      return other !== undefined && other !== flat;
    }),
  );
}

/** The merged order: sorted where both sides, with the line before and the line after them, were. Prose is never sorted. */
function orderOf({ base, ours, theirs }: Sides, context: HunkContext, form: ListForm): string[] {
  const merged = unionOrdered(keysOf(base), keysOf(ours), keysOf(theirs));
  const before = solidLines(context.before).at(-1);
  const after = solidLines(context.after).at(0);
  if (form === "bullets" || form === "rows" || before === undefined || after === undefined) return merged;
  const wasSorted = [ours, theirs].every((text) =>
    isSorted([entryKey(before), ...keysOf(text), entryKey(after)]),
  );
  return wasSorted ? merged.sort() : merged;
}

function write({ ours, theirs }: Sides, keys: readonly string[]): string {
  const entries = new Map<string, ListEntry>(
    [...theirs.entries, ...ours.entries].map((entry) => [entry.key, entry]),
  );
  // Blank lines before a side's first entry belong to what stands above it, not to the entry.
  const firsts = new Set([ours.entries[0], theirs.entries[0]]);
  const lead = (ours.entries[0] ?? theirs.entries[0])?.lead ?? "";
  const texts = keys
    .flatMap((key) => entries.get(key) ?? [])
    .map((entry, index) => (index === 0 ? lead : firsts.has(entry) ? "" : entry.lead) + entry.text);
  return texts.join("") + (ours.tail === "" ? theirs.tail : ours.tail);
}

/** Whether a line takes back what lines above it say: there the order is all that counts. */
function takesBack({ base, ours, theirs }: Sides, form: ListForm): boolean {
  const keys = [base, ours, theirs].flatMap(keysOf);
  return form === "lines" && keys.some((key) => key.startsWith("!"));
}

/** Whether an added entry stands beside the hunk already: moved there by one side, or by both. */
function alreadyThere(added: readonly string[], { before, after }: HunkContext): boolean {
  const around = new Set(solidLines(before + after).map(entryKey));
  return added.some((key) => around.has(key));
}

/** Whether both sides took an entry away and one put something in its place: an edit of it, and the other side's edit or removal. */
function isReplaced({ oursAdds, theirsAdds, oursRemoves, theirsRemoves }: SetChange): boolean {
  const gone = new Set(oursRemoves);
  return oursAdds.length + theirsAdds.length > 0 && theirsRemoves.some((key) => gone.has(key));
}

/** Whether the sides' additions do not go together: at different depths, of one name, or numbered alike. */
function isMixed({ base, ours, theirs }: Sides, change: SetChange, form: ListForm, path: string): boolean {
  if (isReplaced(change) || takesBack({ base, ours, theirs }, form)) return true;
  const added = (text: ListText, keys: readonly string[]) => {
    const own = new Set(keys);
    return text.entries.filter(({ key }) => own.has(key));
  };
  const mine = added(ours, change.oursAdds);
  const other = added(theirs, change.theirsAdds);
  const share = (of: (entry: ListEntry) => string | null) => {
    const known = new Set(mine.map(of));
    known.delete(null);
    return other.some((entry) => known.has(of(entry)));
  };
  const depths = new Set([...mine, ...other].map(({ text }) => /^[ \t]*/.exec(text)?.[0]));
  if (form === "bullets" && depths.size > 1) return true;
  return share(form === "lines" ? ({ flat }) => lineName(path, flat) : numberOf);
}

/** Settles hunks that are runs of whole entries, where no entry was changed and none occurs twice. */
export const listsTier: HunkTier = {
  name: "lists",
  settle(hunk: Hunk, context: HunkContext): Settlement | null {
    if (isChangelog(context.path) || generated.test(context.before + context.after)) return null;
    const form = formOf(hunk, context);
    const sides = form && readSides(hunk, form);
    if (!sides) return null;
    const change = compareSets(keysOf(sides.base), keysOf(sides.ours), keysOf(sides.theirs));
    if (
      isMixed(sides, change, form, context.path) ||
      alreadyThere([...change.oursAdds, ...change.theirsAdds], context)
    )
      return null;
    const kind = kindOf(change);
    // Taking away is safe to repeat only where an entry is nothing but itself.
    if (kind !== "both-add" && form !== "lines" && form !== "elements") return null;
    const company = context.hunks === 1 ? "only-conflict" : "among-conflicts";
    return {
      tier: "semantic",
      class: `lists/${kind}/${company}/${form}`,
      text: write(sides, orderOf(sides, context, form)),
      why:
        kind === "both-add"
          ? "Both sides only add entries to a list: the result has all of them, each side's order kept."
          : "The sides add to a list and take from it: the result has what was added and not what was removed.",
    };
  },
};
