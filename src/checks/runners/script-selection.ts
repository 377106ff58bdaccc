// Which test files a runner for JavaScript is given, where it cannot find the affected ones itself.
import { isForPeople } from "../affected/relevance.ts";
import { affectedScriptTests } from "../affected/script-tests.ts";
import { pathWords, rawWords, splitArguments } from "./arguments.ts";
import { affectedTests, namedWords } from "./selection.ts";
import type { SelectedWords } from "./selection.ts";
import { expandFiles } from "./expand-files.ts";
import type { Argument, TestRequest } from "./types.ts";

export interface FileConvention {
  /** Options whose value is the next word. */
  readonly valued: readonly string[];
  /** Whether a file of a folder is a test, where the folder alone is named; "" stands for the runner's own choice, no file being named. */
  readonly isTest: (path: string, folder: string | null) => boolean;
  /** Whether the tests are named in a file of settings, to which arguments would only add. */
  readonly named: boolean;
  /** What the runner takes a file's name for; left out: a pattern. */
  readonly takes?: "patterns" | "paths";
  /** Whether it runs files in the order in which they are named, where one can change what another finds. */
  readonly ordered: boolean;
}

/** The arguments for the tests that are wanted; `null` where none is. */
export async function selectedWords(
  args: readonly Argument[],
  request: TestRequest,
  convention: FileConvention,
): Promise<SelectedWords | null> {
  if ((request.selection ?? affectedTests).kind === "affected") {
    const words = await withAffectedFiles(args, request, convention);
    return words === null ? null : { words, shuffled: false };
  }
  return convention.named
    ? { words: rawWords(args), shuffled: false }
    : namedWords(args, request, convention);
}

/** The arguments with the affected files for all files; as they are where it cannot be told; `null` where no test is affected. */
async function withAffectedFiles(
  args: readonly Argument[],
  { paths, files }: TestRequest,
  convention: FileConvention,
): Promise<readonly string[] | null> {
  const { options, positionals } = splitArguments(args, convention.valued);
  const tests =
    positionals.length > 0
      ? expandFiles(positionals, files.paths, convention.isTest)
      : files.paths.filter((path) => convention.isTest(path, null));
  if (paths.every(isForPeople)) return null;
  if (tests === null || tests.length === 0 || convention.named) return rawWords(args);
  const affected = await affectedScriptTests(tests, paths, files);
  if (affected.kind === "all" || affected.files.length === tests.length) return rawWords(args);
  return affected.files.length === 0 ? null : [...rawWords(options), ...pathWords(affected.files)];
}
