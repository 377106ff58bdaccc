// The arguments of a test runner: options left out, and files told from options.
import { pathArgument, quoteWord } from "../shell/quote.ts";
import type { Argument } from "./types.ts";

/** Names of options. `flags` stand alone or as `--name=value`; `valued` take the next word where they stand alone. */
export interface Options {
  readonly flags?: readonly string[];
  readonly valued?: readonly string[];
}

/** The arguments without these options and their values. */
export function without(
  args: readonly Argument[],
  { flags = [], valued = [] }: Options,
): readonly Argument[] {
  const kept: Argument[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at];
    if (argument === undefined) continue;
    const name = optionName(argument.raw);
    if (valued.includes(argument.raw)) at += 1;
    else if (!flags.includes(name) && !valued.includes(name)) kept.push(argument);
  }
  return kept;
}

function optionName(raw: string): string {
  return raw.startsWith("-") ? raw.replace(/=.*$/s, "") : "";
}

/** Options with their values apart from the words that are none, which test runners take for files. */
export function splitArguments(
  args: readonly Argument[],
  valued: readonly string[],
): { readonly options: readonly Argument[]; readonly positionals: readonly Argument[] } {
  const options: Argument[] = [];
  const positionals: Argument[] = [];
  let takesNext = false;
  let onlyFiles = false;
  for (const argument of args) {
    const isOption = !onlyFiles && argument.raw.startsWith("-") && argument.raw !== "-";
    if (argument.raw === "--" && !takesNext) onlyFiles = true;
    else (isOption || takesNext ? options : positionals).push(argument);
    takesNext = !takesNext && isOption && valued.includes(argument.raw);
  }
  return { options, positionals };
}

export function rawWords(args: readonly Argument[]): readonly string[] {
  return args.map(({ raw }) => raw);
}

/** Paths as words of a shell line that no program takes for options. */
export function pathWords(paths: readonly string[]): readonly string[] {
  return paths.map((path) => quoteWord(pathArgument(path)));
}
