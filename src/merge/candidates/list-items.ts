// Candidates for one list on each side: arguments, names in braces, imported names.
import type { Family } from "./candidate.ts";
import { isLong, proposal } from "./proposals.ts";

export const listItems: Family = (sides) => {
  if (isLong(sides) || sides.register === "prose") return [];
  const { base, ours, theirs } = sides;
  const [own, old, other] = [readList(ours), readList(base), readList(theirs)];
  if (own === null || other === null) return [];
  return [
    ...proposal(sides, "list-ours", unite(own, old, other, false)),
    ...proposal(sides, "list-theirs", unite(other, old, own, false)),
    ...proposal(sides, "list-sorted", unite(own, old, other, true)),
  ];
};

/** The items of both lists, ours first; `null` where the texts are not one list each, in the same place. */
export function mergeItems(ours: string, base: string, theirs: string): string | null {
  const own = readList(ours);
  const other = own && readList(theirs);
  return other && unite(own, readList(base), other, false);
}

interface List {
  /** Up to the first item, with the bracket that opens the list. */
  readonly head: string;
  readonly items: readonly string[];
  /** From the end of the last item, with the bracket that closes the list. */
  readonly tail: string;
  readonly body: string;
}

/** UTF-16 units of a text beyond which it is not read as a list. */
const longest = 8_000;
/** Items of a list beyond which it is not merged. */
const mostItems = 300;

/** The text as one list, in the first bracket that opens or else behind `import`; `null` where there is neither. */
function readList(text: string): List | null {
  if (text.length > longest) return null;
  const open = /[{([]/.exec(text) ?? /\bimport\b/.exec(text);
  if (open === null) return null;
  const start = skipBlanks(text, open.index + open[0].length);
  const end = endOfList(text, start);
  const body = text.slice(start, end);
  if (body === "" && !text.includes(",")) return null;
  const items = body.split(",").map((item) => item.trim());
  if (items.length > mostItems) return null;
  return {
    head: text.slice(0, start),
    items: items.filter((item) => item !== ""),
    tail: text.slice(end),
    body,
  };
}

function skipBlanks(text: string, from: number): number {
  let index = from;
  while (index < text.length && text.charAt(index).trim() === "") index++;
  return index;
}

/** Where the last item ends: before the closing bracket, or before the semicolon that ends the text; blanks before it aside. */
function endOfList(text: string, start: number): number {
  const close = text.slice(start).search(/[})\]]/);
  let end = close < 0 ? text.trimEnd().length : start + close;
  if (close < 0 && text[end - 1] === ";") end--;
  while (end > start && text.charAt(end - 1).trim() === "") end--;
  return Math.max(start, end);
}

const withoutBlanks = (text: string): string => text.replace(/\s/g, "");

function unite(first: List, base: List | null, second: List, sorted: boolean): string | null {
  if (withoutBlanks(first.head) !== withoutBlanks(second.head)) return null;
  const isSame = base !== null && withoutBlanks(base.head) === withoutBlanks(first.head);
  const items = uniteItems(first.items, new Set(isSame ? base.items : []), second.items);
  if (sorted) items.sort((one, other) => compareText(one.toLowerCase(), other.toLowerCase()));
  // Laid out as the longer list is.
  const { head, body, tail } = first.body.length >= second.body.length ? first : second;
  const separator = body.includes("\n") ? `,${/,(\s*\n\s*)/.exec(body)?.[1] ?? "\n"}` : ", ";
  return head + items.join(separator) + (body.trimEnd().endsWith(",") ? "," : "") + tail;
}

function compareText(one: string, other: string): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

/** `first` less what `second` removed, with what `second` added behind the item it followed there; at the end where that is gone. */
function uniteItems(
  first: readonly string[],
  base: ReadonlySet<string>,
  second: readonly string[],
): string[] {
  const other = new Set(second);
  const united = first.filter((item) => other.has(item) || !base.has(item));
  const known = new Set(united);
  let previous = -1;
  for (const item of second) {
    if (known.has(item)) previous = united.indexOf(item);
    else if (!base.has(item)) {
      known.add(item);
      previous = previous < 0 ? united.length : previous + 1;
      united.splice(previous, 0, item);
    }
  }
  return united;
}
