// The test runner in a command line, if it is one that can be told which tests to run and where to write a report.
import { withoutEnvironment, findCommand, baseName } from "./scripts.ts";
import type { Scripts } from "./scripts.ts";
import type { SimpleCommand, Word } from "../shell/parse.ts";
import type { Runner, RunnerName } from "./types.ts";

export interface RunnerContext {
  /** Scripts of the package.json in the folder of the command; empty where there is none. */
  readonly scripts: Scripts;
  /** The text of a file, relative to that folder; `null` where there is none: told apart by it are the runners behind `node FILE`. */
  readonly read: (path: string) => Promise<string | null>;
}

/** The runner that a command line starts in the end; `null` where none that is known stands where arguments can be given to it. */
export async function detectRunner(line: string, context: RunnerContext): Promise<Runner | null> {
  const found = findCommand(line, context.scripts, (command) => launchOf(command) !== null);
  if (found.command === null) return null;
  const { parsed } = found.command;
  const launch = launchOf(parsed);
  if (launch === null) return null;
  const name = launch.name === "node FILE" ? await runnerOfFile(launch.file ?? "", context) : launch.name;
  if (name === null) return null;
  return {
    name,
    before: found.before,
    assignments: withoutEnvironment(parsed).assigned,
    launch: launch.words.map((word) => word.raw),
    arguments: launch.rest.map(({ raw, text, quoted }) => ({ raw, text, quoted })),
    after: found.after,
  };
}

interface Launch {
  readonly name: RunnerName | "node FILE";
  readonly words: readonly Word[];
  readonly rest: readonly Word[];
  /** Of "node FILE". */
  readonly file?: string;
}

/** Programs that are a runner, or whose file is one. */
const programs: ReadonlyMap<string, RunnerName> = new Map<string, RunnerName>([
  ["jest", "jest"],
  ["jest.js", "jest"],
  ["vitest", "vitest"],
  ["vitest.mjs", "vitest"],
  ["mocha", "mocha"],
  ["_mocha", "mocha"],
  ["mocha.js", "mocha"],
  ["mocha.mjs", "mocha"],
  ["ts-mocha", "mocha"],
  ["ava", "ava"],
  ["tap", "tap"],
  ["tape", "tape"],
  ["ts-tape", "tape"],
  ["pytest", "pytest"],
  ["py.test", "pytest"],
]);

/** Programs with a subcommand that runs tests. */
const subcommands: ReadonlyMap<string, RunnerName> = new Map<string, RunnerName>([
  ["react-scripts test", "jest"],
  ["go test", "go"],
  ["cargo test", "cargo"],
  ["cargo t", "cargo"],
]);

const nodes: ReadonlySet<string> = new Set(["node", "tsx", "ts-node"]);

function launchOf(command: SimpleCommand): Launch | null {
  const words = withoutWrappers(withoutEnvironment(command).words);
  const name = baseName(textAt(words, 0));
  const runner = programs.get(name);
  if (runner !== undefined) return split(runner, words, 1);
  const subcommand = subcommands.get(`${name} ${textAt(words, 1)}`);
  if (subcommand !== undefined) return split(subcommand, words, 2);
  if (/^python(?:\d(?:\.\d+)?)?$/.test(name)) return launchOfPython(words);
  return nodes.has(name) ? launchOfNode(words) : null;
}

/** A word as the shell reads it; "" where there is none, or it is not known. */
function textAt(words: readonly Word[], at: number): string {
  return words[at]?.text ?? "";
}

function split(name: Launch["name"], words: readonly Word[], at: number): Launch {
  return { name, words: words.slice(0, at), rest: words.slice(at) };
}

function launchOfPython(words: readonly Word[]): Launch | null {
  const at = words.findIndex((word) => word.text === "-m");
  const isPytest = at !== -1 && ["pytest", "py.test"].includes(textAt(words, at + 1));
  return isPytest ? split("pytest", words, at + 2) : null;
}

/** Options of node that take the next word. */
const nodeTakesNext: ReadonlySet<string> = new Set(
  "-r --require --import --loader --experimental-loader -C --conditions --test-reporter --test-reporter-destination --test-name-pattern --test-concurrency --env-file".split(
    " ",
  ),
);

function launchOfNode(words: readonly Word[]): Launch | null {
  if (words.some((word) => word.text === "--test")) return split("node", words, 1);
  let at = 1;
  while (words[at]?.raw.startsWith("-") === true) at += nodeTakesNext.has(textAt(words, at)) ? 2 : 1;
  const file = textAt(words, at);
  const runner = file.includes("node_modules/") ? programs.get(baseName(file)) : undefined;
  if (runner !== undefined) return split(runner, words, at + 1);
  return /\.[cm]?[jt]s$/.test(file) ? { ...split("node FILE", words, 1), file } : null;
}

/** Test libraries whose files are run by node itself: its own, and those that print TAP. */
const libraries: readonly (readonly [RegExp, RunnerName])[] = [
  [/["']node:test["']/, "node"],
  [/["'](?:tape|tape-catch|tape-promise[^"']*|blue-tape|tap|t-tap|zora)["']/, "tape"],
];

async function runnerOfFile(file: string, context: RunnerContext): Promise<RunnerName | null> {
  const text = await context.read(file.replace(/^\.\//, ""));
  return text === null ? null : (libraries.find(([pattern]) => pattern.test(text))?.[1] ?? null);
}

/** Launchers and coverage tools before the runner: the sandbox has its own ways for both. With how many words of theirs stand before their options. */
const wrappers: readonly (readonly [readonly string[], RegExp])[] = [
  [["npx"], /^$/],
  [["bunx"], /^$/],
  [["npm", "exec"], /^$/],
  [["pnpm", "exec"], /^$/],
  [["pnpm"], /^$/],
  [["yarn", "run"], /^$/],
  [["yarn"], /^$/],
  [["nyc"], /^(?:-r|--reporter|-n|--include|-x|--exclude|-e|--extension|--report-dir|--cwd|-i|--require)$/],
  [["c8"], /^(?:-r|--reporter|-n|--include|-x|--exclude|-o|--reports-dir|--src)$/],
  [["uv", "run"], /^(?:--group|--extra|--with|-p|--python|--package)$/],
  [["poetry", "run"], /^$/],
  [["pipenv", "run"], /^$/],
  [["pdm", "run"], /^$/],
  [["hatch", "run"], /^$/],
  [["rye", "run"], /^$/],
  [["coverage", "run"], /^(?:--source|--omit|--include|--rcfile)$/],
];

function withoutWrappers(words: readonly Word[]): readonly Word[] {
  for (const [names, takesNext] of wrappers) {
    if (!names.every((name, index) => words[index]?.text === name)) continue;
    let at = names.length;
    while (words[at]?.raw.startsWith("-") === true && words[at]?.text !== "-m") {
      at += takesNext.test(words[at]?.text ?? "") ? 2 : 1;
    }
    return names[0] === "coverage" ? asPython(words.slice(at)) : withoutWrappers(words.slice(at));
  }
  return words;
}

/** `coverage run -m pytest` is `python3 -m pytest`. */
function asPython(words: readonly Word[]): readonly Word[] {
  const first = words[0];
  return first?.text === "-m" ? [{ ...first, raw: "python3", text: "python3" }, ...words] : words;
}
