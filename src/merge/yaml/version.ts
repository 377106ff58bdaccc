// Versions as YAML files write them: actions, images, and values under names that say so.
import { compareRanges, plainRange, type PlainRange } from "../json/version.ts";
import type { YamlItem } from "./items.ts";

interface Versioned {
  /** What it is the version of. */
  readonly subject: string;
  readonly range: PlainRange;
}

const VERSION = String.raw`v?\d{1,9}(?:\.\d{1,9}){0,3}`;
/** The patterns are of one line, with the version last; no piece can begin with what the one before it may hold, so nothing is tried twice. */
const ACTION = new RegExp(`^([\\w.-]+/[\\w./-]+)@(${VERSION})$`);
/** An action pinned to a commit, with the version in a comment. */
const PINNED = new RegExp(`^([\\w.-]+/[\\w./-]+)@[0-9a-f]{40}\\s+#\\s*(?:tag=)?(${VERSION})$`);
const IMAGE = new RegExp(`^([a-z][\\w./-]*):(${VERSION})(-[\\w.-]{1,80})?$`);
const PLAIN = new RegExp(`^(${VERSION})$`);

/** Which side has the higher version of one thing; `null` where that cannot be told. */
export function higherVersion(sides: {
  readonly base: YamlItem | undefined;
  readonly ours: YamlItem;
  readonly theirs: YamlItem;
}): "ours" | "theirs" | null {
  const [ours, theirs] = [versionOf(sides.ours), versionOf(sides.theirs)];
  const base = sides.base === undefined ? ours : versionOf(sides.base);
  if (ours === null || theirs === null || base === null) return null;
  if (ours.subject !== theirs.subject || base.subject !== ours.subject) return null;
  const order = compareRanges(ours.range, theirs.range);
  if (order === 0) return null;
  return order > 0 ? "ours" : "theirs";
}

/** Of an entry on one line. */
function versionOf({ head, block, entry }: YamlItem): Versioned | null {
  const [line = ""] = head;
  if (block !== null || head.length !== 1 || entry.scalar === null) return null;
  const from = line.indexOf(entry.scalar, entry.column);
  if (from === -1) return null;
  return readVersion(line.slice(0, from), line.slice(from).trimEnd(), entry.key ?? "");
}

function readVersion(before: string, value: string, key: string): Versioned | null {
  const quote = /^(["'])[^"']*\1$/.exec(value)?.[1] ?? "";
  const bare = quote === "" ? value : value.slice(1, -1);
  const named = [ACTION, PINNED, IMAGE].map((pattern) => pattern.exec(bare)).find((match) => match !== null);
  if (named !== undefined) {
    const [, subject = "", version = "", more = ""] = named;
    return versioned([before, quote, subject, more].join(":"), version);
  }
  const says = /version|^rev$|^ref$|^tag$/i.test(key) || /\d\.\d+\.\d/.test(bare);
  return PLAIN.test(bare) && says ? versioned(before + quote, bare) : null;
}

function versioned(subject: string, version: string): Versioned | null {
  const range = plainRange(`"${version.includes(".") ? version : `${version}.0`}"`);
  return range && { subject, range };
}
