// What is asked of the rules about a lockfile that is to be written anew. Plain data: it crosses to another thread.

/** The texts of a lockfile in conflict; the base is `null` where both sides added it. */
export interface LockSides {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
}

/** A lockfile that a tool has written; paths are the repository's. */
export interface LockfileRequest {
  readonly path: string;
  readonly text: string;
  /** Path to text of the manifests that it was made of. */
  readonly manifests: ReadonlyMap<string, string>;
  readonly sides: LockSides;
}

export interface LockfileVerdict {
  readonly ok: boolean;
  /** Why it is refused, a sentence each. Hostile text is in them. */
  readonly findings: readonly string[];
  /** "name@version" of every package that neither side's lockfile has; with a word behind it where only the files are new. */
  readonly fromNeither: readonly string[];
  /** Versions that a side raised and the text has lower, a few words each; of one that is refused none are told. Hostile text. */
  readonly lowered: readonly string[];
}
