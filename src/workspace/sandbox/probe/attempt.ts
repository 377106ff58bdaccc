// What an attempt is: something that a repository's code could try in order to get out, to see more than its own, or to use up the machine.
import type { SandboxLimits, SandboxResult } from "../../../core/sandbox.ts";

interface Described {
  /** Short, unique; what reports name it by. */
  readonly name: string;
  /** What is done, in words. */
  readonly tries: string;
  /** How a sandbox that holds answers, in words. */
  readonly contained: string;
}

/** Something tried in Perl, in a process of its own among many in one run, with the words of `prelude.ts`. Does no harm where it succeeds. */
export interface CheapAttempt extends Described {
  readonly perl: string;
}

/** Something that has a run of its own, within small limits. */
export interface RunAttempt extends Described {
  readonly argv: (lures: { readonly token: string }) => readonly [string, ...string[]];
  readonly limits: Partial<SandboxLimits>;
  /** Whether it belongs to the self-test at a worker's start, which takes seconds at most. */
  readonly atStart: boolean;
  readonly judge: (result: SandboxResult) => Judged;
}

export interface Judged {
  readonly contained: boolean;
  /** What was seen, one line. */
  readonly evidence: string;
}

export interface Finding extends Judged {
  readonly name: string;
  /** Where it could not be tried (which counts as not contained): what to do about it. */
  readonly remedy: string | null;
}

/** Things of this machine that attempts reach for: set out before, looked at afterwards. Nothing in them is secret. */
export interface Lures {
  /** Word that marks processes of the probe, unique to it. */
  readonly token: string;
  /** TCP ports of 127.0.0.1 and ::1 where a listener waits; `null` where the machine has no such address. */
  readonly port4: number;
  readonly port6: number | null;
  /** Names of unix sockets where one waits: abstract (without the leading zero), and a path that every user can reach. */
  readonly abstractName: string;
  readonly socketPath: string;
  /** A file that every user can read and write. */
  readonly filePath: string;
  readonly hostname: string;
  /** Targets of this process's links in /proc/self/ns: "net:[4026531840]". */
  readonly namespaces: Readonly<Record<string, string>>;
  /** "device:inode" of files and folders of this machine that have no business in the sandbox. */
  readonly identities: Readonly<Record<string, string>>;
}
