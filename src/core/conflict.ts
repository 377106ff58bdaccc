// What git could not merge: paths, stages, and the hunks inside a file.

/** One stage of a conflicted path, as git's index names it. */
export interface Stage {
  readonly oid: string;
  /** Git file mode as six octal digits: "100644", "100755", "120000" (symlink), "160000" (submodule). */
  readonly mode: string;
  readonly path: string;
}

export type ConflictKind =
  | "content"
  | "both-added"
  | "modify-delete"
  | "rename-rename"
  | "rename-delete"
  | "rename-add"
  | "directory-rename"
  | "file-directory"
  | "distinct-types"
  | "mode"
  | "binary"
  | "submodule"
  | "symlink"
  | "too-large"
  | "other";

/** One conflicted path. Only `content` and `both-added` have hunks; the rest is for a person, in words. */
export interface Conflict {
  readonly kind: ConflictKind;
  readonly path: string;
  readonly base: Stage | null;
  /** The pull request's head. */
  readonly ours: Stage | null;
  /** The branch it is to be merged into. */
  readonly theirs: Stage | null;
  /** One sentence for a person: what each side did. */
  readonly explanation: string;
}

/** A run of lines on which the sides differ. Each text is whole lines with their own line endings; "" is no lines. */
export interface Hunk {
  readonly kind: "hunk";
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
}

/** A run of lines that git merged by itself. */
interface Clean {
  readonly kind: "clean";
  readonly text: string;
}

export type Segment = Clean | Hunk;

/**
 * A conflicted file as text. Concatenating `segments` with one side chosen in every hunk gives a whole file,
 * byte for byte (after encoding back). `base`, `ours`, `theirs` are the whole three sides; `base` is `null` when both sides added the file.
 */
export interface ConflictedFile {
  readonly path: string;
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
  readonly segments: readonly Segment[];
}

/** Who settled a hunk: `regenerate` is the file's own tool, `proven` a candidate with which the repository's tests pass, `memory` is this repository's own earlier resolution of the same three sides, `ranked` the ranker's first candidate; `pick`, `generate` and `consult` are models' answers. */
export type Tier =
  | "git"
  | "memory"
  | "regenerate"
  | "trivial"
  | "semantic"
  | "structural"
  | "ranked"
  | "proven"
  | "pick"
  | "generate"
  | "consult"
  | "human";

/** Why a hunk is settled, and with what. `tier` and `class` are keys of the precision table. */
export interface Settlement {
  readonly tier: Tier;
  /** The class of conflict, from general to fine, joined by "/": "package-json/add-different-keys". */
  readonly class: string;
  /** Whole lines that replace the hunk; "" deletes it. */
  readonly text: string;
  /** One sentence for the person who reads the comment. */
  readonly why: string;
}

/** A possible resolution, made by rule, and how likely it is. */
export interface RankedCandidate {
  /** What made it: "ours", "token-merge". */
  readonly name: string;
  /** Whole lines that would replace the hunk. */
  readonly text: string;
  /** One sentence for a person. */
  readonly why: string;
  /** Calibrated: of candidates with probability p, a share of p is what the developers did, layout aside. 0 to 1. */
  readonly probability: number;
}

export interface HunkResolution {
  readonly hunk: Hunk;
  /** `null`: nothing settled it; `why` then says what was tried. */
  readonly settlement: Settlement | null;
  readonly why: string;
  /** The most likely resolutions, best first; empty where none were made. */
  readonly candidates: readonly RankedCandidate[];
}

/** A settled hunk of the same merge: what it was resolved to tells about the others. */
export interface SettledSibling {
  readonly path: string;
  readonly hunk: Hunk;
  /** Whole lines that it was resolved to. */
  readonly text: string;
  /** Its place in the merge: grows with path and line. */
  readonly place: number;
}

/** The tool that writes a file anew from its manifest, where merging text is the wrong way. */
export interface Regeneration {
  /** The tool's name: "npm", "cargo". */
  readonly tool: string;
  /** One sentence for a person. */
  readonly why: string;
}

/** A conflicted file after the ladder: one resolution per hunk, in file order. */
export interface FileResolution {
  readonly path: string;
  readonly hunks: readonly HunkResolution[];
  /** Indexes into `hunks` of those still open, in the order in which an answer would tell most about the others. */
  readonly openHunks: readonly number[];
  /** Set where the file had better be written anew by its tool. */
  readonly regeneration: Regeneration | null;
}
