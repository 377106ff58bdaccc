// What a merge is made of: spans of the three texts, and the places where it has no answer.
import type { StructuralLanguage } from "./language.ts";
import type { Span, TreeNode } from "./tree.ts";

/** One node, or one run of nodes, in its three states. */
export interface Triple<T> {
  readonly base: T;
  readonly ours: T;
  readonly theirs: T;
}

/** Why two changes do not go together. */
export type Doubt = "both-changed" | "both-inserted" | "delete-change" | "syntax" | "too-large";

interface Conflict {
  readonly kind: "conflict";
  readonly doubt: Doubt;
  readonly sides: Triple<Span>;
}

type Piece = { readonly kind: "span"; readonly span: Span } | Conflict;

/** Something that the merge took from one side, or from both: what the class of a settlement is made of. */
export interface Deed {
  readonly side: "ours" | "theirs" | "both";
  /** Type of the node whose children were merged. */
  readonly within: string;
  /** Set where members were merged as a set: what was done to what, as in class names. */
  readonly members: string | null;
  /** Where the deed stands, in its side's text. */
  readonly span: Span;
}

export interface MergeOptions {
  readonly language: StructuralLanguage;
  /** The three whole texts. */
  readonly texts: Triple<string>;
  /** Whose additions come first where members of both are kept. */
  readonly first: "ours" | "theirs";
}

/** What a merge has come to so far. Filled as it goes. */
export interface Merging extends MergeOptions {
  readonly pieces: Piece[];
  readonly deeds: Deed[];
}

/** Where in the tree the merge is. */
export interface Place {
  /** The base's node whose children are merged; `null` above the root. */
  readonly parent: TreeNode | null;
  readonly depth: number;
}

/** Neighbouring children of one node. */
export interface Run extends Span {
  readonly nodes: readonly TreeNode[];
  /** The nodes' texts, blanks between them aside. */
  readonly text: string;
}

const spanOf = ({ side, start, end }: Span): Span => ({ side, start, end });

/** Adds a span to the result. */
export function put(merging: Merging, span: Span): void {
  if (span.end > span.start) merging.pieces.push({ kind: "span", span: spanOf(span) });
}

/** Adds a place without an answer to the result. */
export function putConflict(merging: Merging, doubt: Doubt, { base, ours, theirs }: Triple<Span>): void {
  const sides = { base: spanOf(base), ours: spanOf(ours), theirs: spanOf(theirs) };
  merging.pieces.push({ kind: "conflict", doubt, sides });
}

/** Writes down what the merge did. */
export function note(merging: Merging, deed: Omit<Deed, "span">, span: Span): void {
  merging.deeds.push({ ...deed, span: spanOf(span) });
}

/** Which side's text is the result of three: the one that changed it, `both` where they agree; `null` where they differ. */
export function changedSide(base: string, ours: string, theirs: string): "ours" | "theirs" | "both" | null {
  if (ours === theirs) return "both";
  if (ours === base) return "theirs";
  return theirs === base ? "ours" : null;
}
