// A small change of one place in a file, which a test should notice.

export type MutantKind = "comparison" | "logic" | "condition" | "constant" | "statement" | "arithmetic";

/** What is put in place of a span. */
export interface Change {
  readonly kind: MutantKind;
  /** UTF-16 offsets in the file; `end` is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
}

export interface Mutant extends Change {
  readonly path: string;
  /** 1-based, of `start`. */
  readonly line: number;
  /** The whole file with the change. */
  readonly text: string;
  /** For people and models, one line: "line 3: `a < b` becomes `a <= b`". Holds words of the repository. */
  readonly words: string;
}
