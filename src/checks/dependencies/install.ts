// Installs what a tree depends on, once for everything that decides it, and keeps it for the runs that come after.
import { AppError } from "../../core/errors.ts";
import type { DependencyMount, Sandbox, SandboxResult, TreeArchive } from "../../core/sandbox.ts";
import { whyFailed } from "./failures.ts";
import { readScripts } from "./install-scripts.ts";
import { installKey } from "./key.ts";
import { mergeEnvironments } from "./types.ts";
import type { InstallPlan, TreeFiles } from "./types.ts";

export interface Installer {
  readonly sandbox: Sandbox;
  /** "owner/name": what was installed for one repository is never another's. */
  readonly repository: string;
  /** The repository's own command from its config, "" where there is none. */
  readonly setup: string;
  readonly signal: AbortSignal;
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** A tree and what is to be installed of it. */
export interface Wanted {
  /** The object's id. */
  readonly tree: string;
  readonly archive: TreeArchive;
  readonly files: TreeFiles;
  readonly plans: readonly InstallPlan[];
}

export type Installed =
  | { readonly kind: "none" }
  | {
      readonly kind: "ready";
      readonly mount: DependencyMount;
      /** For every run with the mount. */
      readonly environment: Readonly<Record<string, string>>;
      /** The command `setup` was run with the install, where it could write to the packages: not to be run again. */
      readonly setupDone: boolean;
      /** Sentences for people. */
      readonly notes: readonly string[];
    }
  /** One or two sentences: what happened, what to do. Parts may be the words of a package manager: hostile text. */
  | { readonly kind: "failed"; readonly why: string };

/** 10 minutes a lockfile, and 4 GB on the disk: a large project's packages take a tenth of either. */
const limits = { wallMs: 10 * 60_000, diskBytes: 4 * 1024 ** 3 };

/**
 * Installs for the trees of one task. What failed is not tried again for the same files. Rejects with the signal's reason, and with what is no fault of the
 * install.
 */
export function createInstaller(installer: Installer): (wanted: Wanted) => Promise<Installed> {
  const known = new Map<string, Promise<Installed>>();
  const once = async (wanted: Wanted, setup: string | null): Promise<Installed> => {
    const parts = { repository: installer.repository, tree: wanted.tree, plans: wanted.plans, setup };
    const key = await installKey(parts, wanted.files);
    const before = known.get(key);
    if (before !== undefined) return await before;
    const installed = install(installer, wanted, { key, setup });
    known.set(key, installed);
    installed.catch(() => known.delete(key));
    return await installed;
  };
  return async (wanted) => {
    if (wanted.plans.length === 0) return { kind: "none" };
    const installed = await once(wanted, null);
    if (installer.setup === "" || installed.kind !== "ready" || installed.notes.length === 0)
      return installed;
    // Packages want to run something at their install: the repository's own command may, while they can be written to.
    return await once(wanted, installer.setup);
  };
}

interface Named {
  readonly key: string;
  readonly setup: string | null;
}

async function install(installer: Installer, wanted: Wanted, { key, setup }: Named): Promise<Installed> {
  const { dependencies } = installer.sandbox;
  try {
    let why = "The install was given up.";
    const fill = async (directory: string): Promise<boolean> => {
      const failed = await fillFolder(installer, wanted, { directory, setup });
      why = failed ?? why;
      return failed === null;
    };
    const directory =
      (await dependencies.find(key)) ?? (await dependencies.fill(key, fill, installer.signal));
    if (directory === null) return { kind: "failed", why };
    return {
      kind: "ready",
      mount: { directory, mode: "use" },
      environment: mergeEnvironments(wanted.plans.map(({ later }) => later)),
      setupDone: setup !== null,
      notes: setup === null ? scriptNotes(await readScripts(directory)) : [],
    };
  } catch (error) {
    installer.signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code !== "sandbox") throw error;
    return { kind: "failed", why: `Dependencies could not be installed: ${error.message} ${error.remedy}` };
  }
}

interface Target {
  readonly directory: string;
  readonly setup: string | null;
}

/** Why it failed; `null` where it did not. */
async function fillFolder(installer: Installer, wanted: Wanted, target: Target): Promise<string | null> {
  for (const plan of wanted.plans) {
    installer.record({ step: "install", detail: `${plan.tool}: ${plan.lockfile}` });
    const run = {
      line: plan.line,
      folder: plan.folder,
      environment: plan.environment,
      network: "install",
    } as const;
    const result = await runIn(installer, wanted, { ...run, directory: target.directory });
    if (!isDone(result)) return whyFailed(plan, result);
  }
  if (target.setup === null) return null;
  installer.record({ step: "install", detail: "setup" });
  const environment = mergeEnvironments(wanted.plans.map(({ later }) => later));
  const run = { line: target.setup, folder: "", environment, network: "none" } as const;
  const result = await runIn(installer, wanted, { ...run, directory: target.directory });
  return isDone(result)
    ? null
    : `The command \`setup\` failed after the install: it has no network, and all that was installed can be written to. It said: ${result.stderr.text.slice(-600).split(/\s+/).join(" ").trim()}`;
}

interface Line {
  readonly line: string;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly network: "none" | "install";
  readonly directory: string;
}

async function runIn(installer: Installer, wanted: Wanted, run: Line): Promise<SandboxResult> {
  return await installer.sandbox.run({
    tree: wanted.archive,
    argv: ["/bin/sh", "-c", run.line],
    folder: run.folder,
    environment: run.environment,
    limits,
    network: run.network,
    cache: { directory: run.directory, mode: "fill" },
    returns: [],
    reports: [],
    signal: installer.signal,
  });
}

function isDone({ ended }: SandboxResult): boolean {
  return ended.kind === "exit" && ended.code === 0;
}

/** Names that a sentence has room for. */
const mostNamed = 5;

function scriptNotes(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length - mostNamed;
  const shown = names.slice(0, mostNamed).map((name) => `\`${name}\``);
  const list = more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
  return [
    `Packages are installed without their scripts: ${list} would have run one. If a check needs what it makes, name it as \`commands.setup\` in .github/agent.yml (for example \`npm rebuild --ignore-scripts=false ${names[0] ?? ""}\`).`,
  ];
}
