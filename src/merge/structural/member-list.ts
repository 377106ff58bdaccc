// A run of nodes read as members of an unordered container, each with the comments and the separator that belong to it.
import type { UnorderedContainer } from "./language.ts";
import type { Merging, Run } from "./pieces.ts";
import type { Span, TreeNode } from "./tree.ts";

/** A member with the comments before it. `start` includes the blank before; its separator and a comment behind that are apart. */
export interface Member extends Span {
  readonly key: string;
  readonly node: TreeNode;
  /** With its comments, without the blank before. */
  readonly text: string;
  /** The comments before it, as text. */
  readonly lead: string;
  readonly separator: Span | null;
  /** A comment behind the member, on the same line. */
  readonly tail: Span | null;
}

export interface MemberList {
  /** A separator that stands before the first member. */
  readonly opening: Span | null;
  readonly members: readonly Member[];
  readonly keys: ReadonlySet<string>;
}

/** What has been read of a run. */
interface Reading {
  opening: Span | null;
  readonly members: Member[];
  /** Where comments begin that belong to the member to come. */
  start: number | null;
}

/** The members of a run, or `null` where something in it is no member, or two have one key. */
export function membersOf(run: Run, container: UnorderedContainer, { texts }: Merging): MemberList | null {
  const reading: Reading = { opening: null, members: [], start: null };
  const whole = texts[run.side];
  for (const node of run.nodes) {
    const isRead = isSeparator(node)
      ? readSeparator(node, reading)
      : node.type.includes("comment")
        ? readComment(node, whole, reading)
        : container.members.has(node.type) && readMember(node, whole, reading);
    if (!isRead) return null;
  }
  const keys = new Set(reading.members.map(({ key }) => key));
  if (reading.start !== null || keys.size < reading.members.length) return null;
  return { opening: reading.opening, members: reading.members, keys };
}

const isSeparator = ({ named, text }: TreeNode): boolean => !named && (text === "," || text === ";");

/** A token with the blank before it. */
const withBlank = ({ side, from, end }: TreeNode): Span => ({ side, start: from, end });

function readSeparator(node: TreeNode, reading: Reading): boolean {
  const last = reading.members.at(-1);
  if (reading.start !== null) return false;
  if (last === undefined) {
    if (reading.opening !== null) return false;
    reading.opening = withBlank(node);
    return true;
  }
  if (last.separator !== null || last.tail !== null) return false;
  reading.members[reading.members.length - 1] = { ...last, separator: withBlank(node) };
  return true;
}

function readComment(node: TreeNode, whole: string, reading: Reading): boolean {
  const last = reading.members.at(-1);
  const isOnSameLine = !whole.slice(node.from, node.start).includes("\n");
  if (isOnSameLine && last !== undefined && reading.start === null && last.tail === null)
    reading.members[reading.members.length - 1] = { ...last, tail: withBlank(node) };
  else reading.start ??= node.from;
  return true;
}

function readMember(node: TreeNode, whole: string, reading: Reading): boolean {
  if (node.key === null) return false;
  const start = reading.start ?? node.from;
  reading.members.push({
    side: node.side,
    start,
    end: node.end,
    key: node.key,
    node,
    text: whole.slice(start, node.end).trimStart(),
    lead: whole.slice(start, node.start).trim(),
    separator: null,
    tail: null,
  });
  reading.start = null;
  return true;
}
