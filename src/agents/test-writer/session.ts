// What the steps of one run share.
import type { SuiteRun } from "../../core/suite.ts";
import type { Bench } from "./bench.ts";
import type { Tree, Work } from "./draft.ts";
import type { WritePorts, WriteProblem } from "./types.ts";

export interface Session {
  readonly problem: WriteProblem;
  readonly ports: WritePorts;
  readonly bench: Bench;
  readonly tree: Tree;
  /** The whole suite on the head. */
  readonly before: SuiteRun;
  /** The test runner's name, where it is known. */
  readonly runner: string | null;
  /** Functions that tests were written for, in order. */
  readonly done: readonly Work[];
}
