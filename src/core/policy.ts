// What a repository allows, after defaults: the plain data that decides.

import type { Commands } from "./checks.ts";
import type { MicroDollars } from "./ledger.ts";
import type { PolicyProblem } from "./report.ts";

/** What is done without being asked: nothing, a proposal, or a push of what is proven. */
export type AutomaticMode = "off" | "propose" | "push";

type PushMode = "asked" | "proven" | "never";

/** From `.github/agent.yml` on the default branch; every field has a default, so no file is needed (src/config). */
export interface Policy {
  readonly push: {
    /** `asked`: a command pushes what is above the bar. `proven`: only what the repository's own checks prove. `never`: only propose. */
    readonly mode: PushMode;
    /** Least lower bound of measured precision, 0 to 1, that a class needs to be pushed. */
    readonly bar: number;
  };
  readonly commit: {
    /** Put before the subject line, for example "chore: ". */
    readonly prefix: string;
    /** Adds a `Signed-off-by` trailer of the app. */
    readonly signOff: boolean;
  };
  readonly conflicts: {
    /** Paths (glob patterns) never touched; a conflict there stays for a person. */
    readonly ignore: readonly string[];
  };
  readonly protectedPaths: readonly string[];
  /** The repository's own commands; what is absent is detected. */
  readonly commands: Commands;
  /** Files that a command writes anew, in the order in which they are tried. */
  readonly regenerate: readonly RegenerateRule[];
  readonly models: ModelPolicy;
  readonly auto: {
    /** When checks fail on a pull request's head. */
    readonly checks: AutomaticMode;
    /** When a pull request comes into conflict with its base. */
    readonly conflicts: AutomaticMode;
    /** A pull request with one of these labels is left alone; case does not count. */
    readonly ignoreLabels: readonly string[];
    /** Head branches (glob patterns) that are left alone. */
    readonly ignoreBranches: readonly string[];
    /** Whether drafts are looked at. */
    readonly drafts: boolean;
  };
  readonly ledger: {
    /** Consent to keep what models were shown and what they answered, redacted. */
    readonly contents: boolean;
  };
}

/** Model names by role, in the order in which they are asked; an absent role is the operator's. */
export interface RoleChoice {
  readonly small?: readonly string[] | undefined;
  readonly large?: readonly string[] | undefined;
}

/** What a repository says about models: it chooses among those that the operator allows, and may spend less, never more. */
export interface ModelPolicy extends RoleChoice {
  readonly enabled: boolean;
  /** Choices for one agent, by its name; they win over the repository's. */
  readonly agents: Readonly<Record<string, RoleChoice>>;
  /** `null`: the operator's limit. */
  readonly budget: { readonly run: MicroDollars | null; readonly pull: MicroDollars | null };
}

/** Files that are written by a command from other files: a conflict in them is settled by running it on the merged sources. */
export interface RegenerateRule {
  /** Glob patterns of the files that the command reads. All of them have to be settled before it is run. */
  readonly sources: readonly string[];
  /** For a POSIX shell inside the sandbox, in the project's folder. */
  readonly command: string;
  /** Paths that the command writes: these and nothing else come back. */
  readonly owns: readonly string[];
}

/** Always usable: a broken file gives the defaults and says so. */
export interface LoadedPolicy {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
  /** Files that were read, in the order in which they override each other. */
  readonly sources: readonly string[];
}
