// How much one search for the fault looks at. Everything it reads is hostile, and none of it may take for ever.

export interface LocaliseLimits {
  /** Files of the tree that are read. */
  readonly files: number;
  /** UTF-16 units of a source file; longer ones are generated or data. */
  readonly characters: number;
  /** Failing tests whose sources and stacks are looked at. */
  readonly tests: number;
  /** Places in the answer. */
  readonly places: number;
}

export const defaultLimits: LocaliseLimits = { files: 60, characters: 200 * 1024, tests: 24, places: 8 };

/** Lines below which a file may be written anew as a whole (facts of the edit formats: aider's leaderboard, small models write whole files well). */
export const shortFile = 150;

/** Lines above which a function is a lot for a small model. */
export const longFunction = 200;
