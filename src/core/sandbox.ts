// The port to the sandbox: the repository's code runs in it on a copy of its files, with no token, no `.git`, and no network but, at an install, the registries'.

/** A tree's files as a tar stream: regular files, folders and symbolic links, never `.git`. Each call gives the stream anew; it rejects as the workspace does. */
export type TreeArchive = () => AsyncIterable<Uint8Array>;

/** What one run may use. A limit that is passed ends the run, and the result names it. */
export interface SandboxLimits {
  /** Milliseconds on the clock. */
  readonly wallMs: number;
  /** Milliseconds of processor time of all processes together. */
  readonly cpuMs: number;
  /** Bytes of memory of all processes together, files of the run that are kept in memory among them. */
  readonly memoryBytes: number;
  /** Processes and threads alive at a time. */
  readonly processes: number;
  /** Bytes that may be written to standard output and error together; of each, the first and the last part are kept (`keptOutputBytes`). */
  readonly outputBytes: number;
  /** Bytes of the copy of the files and all that is written beside them. */
  readonly diskBytes: number;
}

/** Bytes of standard output, and of standard error, that a result carries. */
export const keptOutputBytes = 1024 * 1024;
/** Bytes of one file that comes back: what the design lets cross from the sandbox. */
export const mostReturnedBytes = 5 * 1024 * 1024;
/** Bytes of one report that comes back: a list of some 10,000 tests. Of TAP, the slowest to read, 31 MB of hostile text took 9 s on a loaded machine: this takes some 1.2 s. */
export const mostReportBytes = 4 * 1024 * 1024;

/** Where things are inside the sandbox. */
export const sandboxPaths = {
  /** The copy of the tree; commands start in it. */
  project: "/project",
  /** Installed dependencies that do not lie in the project's own folders: caches of modules, a virtual environment. */
  dependencies: "/dependencies",
  /** Where reports are written to; empty at the start. */
  reports: "/reports",
} as const;

/** A folder of this machine that holds installed dependencies, under a key that names what was installed for whom. */
export interface DependencyMount {
  readonly directory: string;
  /** `fill`: written to by this run (an install). `use`: read-only. */
  readonly mode: "fill" | "use";
  /**
   * With `use`, what is put where: `from` in `directory`, `to` in the project, relative both. Left out: what the install that filled the folder wrote down. Only
   * for folders that nobody but this machine's user fills.
   */
  readonly places?: readonly { readonly from: string; readonly to: string }[];
}

export interface SandboxRequest {
  readonly tree: TreeArchive;
  /** The program and its arguments; no shell is between. */
  readonly argv: readonly [string, ...string[]];
  /** Folder of the project in which the program starts, relative, "" for the project's own. */
  readonly folder?: string;
  /** Variables beside the sandbox's own few (PATH, HOME, TMPDIR, CI, LANG, TZ, NO_COLOR). Never a secret. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly limits?: Partial<SandboxLimits>;
  /** `install`: the registries that the operator allows can be reached, through a proxy, and nothing else. */
  readonly network: "none" | "install";
  readonly cache: DependencyMount | null;
  /** Paths of the project, relative, whose bytes are wanted afterwards: regular files of at most `mostReturnedBytes`. */
  readonly returns: readonly string[];
  /** Names of files in the folder for reports that are wanted afterwards: regular files of at most `mostReportBytes`. */
  readonly reports: readonly string[];
  readonly signal: AbortSignal;
}

export type SandboxLimit = "wall" | "cpu" | "memory" | "processes" | "output" | "disk";

export type SandboxEnd =
  | { readonly kind: "exit"; readonly code: number }
  | { readonly kind: "signal"; readonly signal: string }
  | { readonly kind: "limit"; readonly limit: SandboxLimit };

export interface CappedOutput {
  /** At most `keptOutputBytes`; where more was written, the first and the last half of that. UTF-8, what is not is replaced. Hostile text. */
  readonly text: string;
  /** Bytes that were written and are not in `text`. */
  readonly cutBytes: number;
}

export interface SandboxResult {
  readonly ended: SandboxEnd;
  readonly stdout: CappedOutput;
  readonly stderr: CappedOutput;
  /** By the names that were asked for. What is not there is in `missing`. */
  readonly reports: ReadonlyMap<string, Uint8Array>;
  readonly returned: ReadonlyMap<string, Uint8Array>;
  /** Paths and reports that did not come back, each with why, in words: "is not there", "is a symbolic link", "has more than 5 MB". */
  readonly missing: readonly { readonly path: string; readonly why: string }[];
  readonly usage: {
    readonly wallMs: number;
    /** Processor time of all processes; `null` where it could not be measured. */
    readonly cpuMs: number | null;
    /** `null` where no control group counts it. */
    readonly peakMemoryBytes: number | null;
  };
  /** With `network: "install"`: sentences for people about hosts that were refused or did not answer; absent where there were none. Hosts are the program's words. */
  readonly troubles?: readonly string[];
}

/** Installed dependencies on this machine, by key. A key is hex digits (SHA-256) of everything that decides what is installed, the repository's name among it. */
export interface DependencyFolders {
  /** The folder that was filled under this key; `null` where there is none. */
  readonly find: (key: string) => Promise<string | null>;
  /**
   * Has `install` fill an empty folder and keeps it when that says `true`; else, or when it throws, nothing is kept. One at a time for a key: who comes
   * second waits and gets the first's. Resolves with the folder, or `null`.
   */
  readonly fill: (
    key: string,
    install: (directory: string) => Promise<boolean>,
    signal: AbortSignal,
  ) => Promise<string | null>;
}

export interface Sandbox {
  readonly driver: "bwrap" | "container" | "none";
  /**
   * Runs one program on a copy of the tree and waits until nothing of it is left. How it ended is a value. Throws `AppError("sandbox")` when it could not be
   * started or its files could not be unpacked, and `signal`'s reason once that is aborted.
   */
  readonly run: (request: SandboxRequest) => Promise<SandboxResult>;
  readonly dependencies: DependencyFolders;
}

/** Whether code can be run here: decided once, when a worker starts. */
export type SandboxState =
  | { readonly kind: "ready"; readonly sandbox: Sandbox }
  /** What is the matter, and what whoever runs Errand can do about it: a sentence each, for people. */
  | { readonly kind: "unavailable"; readonly why: string; readonly remedy: string };
