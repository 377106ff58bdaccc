// The tests of a working copy: those of the command that a person gives, else of the commands that the files show.
import { detectCommands } from "../checks/commands/detect.ts";
import { readTree } from "../checks/run/read-tree.ts";
import { quoteWord } from "../checks/shell/quote.ts";
import { commandSuite } from "../checks/suite/command-suite.ts";
import { openSuite } from "../checks/suite/open-suite.ts";
import { AppError } from "../core/errors.ts";
import type { DependencyMount, Sandbox } from "../core/sandbox.ts";
import type { Suite, Trees } from "../core/suite.ts";

export interface LocalSuiteOptions {
  readonly sandbox: Sandbox;
  readonly trees: Trees;
  readonly head: string;
  /** Relative: where the command was typed. */
  readonly folder: string;
  readonly mount: DependencyMount | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly record: (event: { readonly step: string; readonly detail: string }) => void;
}

/** A line of shell: one word is taken as such a line, several as what they are, each quoted. */
export function lineOf(words: readonly string[]): string {
  const [only, ...others] = words;
  return only === undefined || others.length > 0 ? words.map(quoteWord).join(" ") : only.trim();
}

/** The command that a person gives is all that is run. Throws what reading the tree throws. */
export function givenSuite(line: string, options: LocalSuiteOptions): Promise<Suite> {
  const { sandbox, head, mount, ...rest } = options;
  return commandSuite({
    ...rest,
    sandbox: { kind: "ready", sandbox },
    detectOn: head,
    line,
    cache: mount,
  });
}

/** Tests, type check, linter and formatter as in the App, but with what is installed here. The files are the person's own, so they decide the commands. */
export async function detectedSuite(options: LocalSuiteOptions): Promise<Suite> {
  const { sandbox, trees, head, mount, environment, signal, record } = options;
  return openSuite({
    sandbox: { kind: "ready", sandbox },
    trees,
    detectOn: head,
    commands: {},
    repository: "local/clone",
    prepare: async (tree) => ({
      ground: { sandbox, archive: trees.archive(tree), setup: "", cache: mount, environment, signal },
      files: await readTree(trees, tree),
      notes: [],
      failed: null,
    }),
    signal,
    record,
  });
}

/** Throws `AppError("input")` where nothing in the files shows how tests are run. */
export async function requireTestCommand(trees: Trees, head: string): Promise<void> {
  const { missing } = await detectCommands(await readTree(trees, head), {});
  if (missing === null) return;
  throw new AppError(
    "input",
    "No test command was found: neither a test script in package.json, nor pytest, go.mod, Cargo.toml or a Makefile with tests shows one.",
    { retryable: false, remedy: "Name it after --, for example: errand fix-tests -- npm test" },
  );
}
