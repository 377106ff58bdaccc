// A command line led through the scripts of package.json to the test runner in it, without a package manager between: none has to be in the sandbox, and
// arguments reach the right program.
import { parseShell } from "../shell/parse.ts";
import type { SimpleCommand, Word } from "../shell/parse.ts";
import { rewrite } from "../shell/quote.ts";
import type { Edit } from "../shell/quote.ts";

/** Scripts by name, as package.json has them. */
export type Scripts = ReadonlyMap<string, string>;

/** A line with one simple command of it set apart. */
export interface Program {
  readonly before: string;
  /** `null` where the line could not be read, or no command of it was the one looked for: all of it is then in `before`. */
  readonly command: { readonly line: string; readonly parsed: SimpleCommand } | null;
  readonly after: string;
}

/** Scripts that call scripts: deeper than this is a circle. */
const mostDepth = 8;
/** Calls that are written out for one line. Beyond that the package manager is left to it: scripts that call others twice each are more than any machine holds. */
const mostCalls = 200;
/** Characters of a line that is looked into; Linux takes no longer one in an argument. */
const longestLine = 100_000;

/**
 * Finds the last command of a line that `isWanted`, scripts that are called by the way written out in place. Only commands on whose end nothing hangs but
 * what comes after (`&&`, `;`) are looked at, or the first of a pipeline whose others only print test results for people: those are left out. So are linters
 * beside the command, unless they are `kept`.
 */
export function findCommand(
  line: string,
  scripts: Scripts,
  isWanted: (command: SimpleCommand) => boolean,
  linting: "left out" | "kept" = "left out",
): Program {
  return find(line.trim(), { scripts, isWanted, linting, calls: { left: mostCalls } }, 0);
}

interface Search {
  readonly scripts: Scripts;
  readonly isWanted: (command: SimpleCommand) => boolean;
  readonly linting: "left out" | "kept";
  /** How many more are written out. */
  readonly calls: { left: number };
}

function find(line: string, search: Search, depth: number): Program {
  const commands = readLine(line, depth);
  if (commands === null) return { before: line, command: null, after: "" };
  for (let index = commands.length - 1; index >= 0; index -= 1) {
    const found = findAt({ line, commands, index }, search, depth);
    if (found !== null) return found;
  }
  return { before: writeOut(line, commands, search, depth), command: null, after: "" };
}

function readLine(line: string, depth: number): readonly SimpleCommand[] | null {
  return line.length > longestLine || depth > mostDepth ? null : parseShell(line);
}

interface Place {
  readonly line: string;
  readonly commands: readonly SimpleCommand[];
  readonly index: number;
}

function findAt({ line, commands, index }: Place, search: Search, depth: number): Program | null {
  const parsed = commands[index];
  if (parsed === undefined || parsed.redirected || commands[index - 1]?.operator === "|") return null;
  const behind = endOfPrinting(commands, index);
  if (behind === null) return null;
  const found = search.isWanted(parsed)
    ? { before: "", command: { line, parsed }, after: "" }
    : findInScript(parsed, search, depth);
  if (found === null) return null;
  const before = writeOut(line.slice(0, parsed.start), commands.slice(0, index), search, depth);
  const rest = commands.slice(index + 1).filter((command) => command.start >= behind);
  const after = writeOut(line.slice(behind), shifted(rest, behind), search, depth);
  return { ...found, before: before + found.before, after: found.after + after };
}

function findInScript(parsed: SimpleCommand, search: Search, depth: number): Program | null {
  const call = scriptCall(parsed, search);
  if (call === null) return null;
  const inner = find(call.body, search, depth + 1);
  if (inner.command === null) return null;
  const { pre, post } = hooks(call, search, depth);
  const before = `( ${call.exports}${pre}${inner.before}`;
  return { before, command: inner.command, after: `${inner.after}${post} )` };
}

/** Programs that only make TAP pretty. */
const printers: ReadonlySet<string> = new Set(
  "tap-spec tap-dot tap-difflet tap-nyan tap-min tap-diff tap-summary tap-arc tap-pessimist tap-nirvana tap-bail tap-prettify faucet tapspec colortape".split(
    " ",
  ),
);

/** Where what comes after the command begins: its own end, or that of the printers of its pipeline; `null` where its end means something else. */
function endOfPrinting(commands: readonly SimpleCommand[], index: number): number | null {
  let last = index;
  while (commands[last]?.operator === "|") {
    last += 1;
    const program = commands[last]?.words.find((word) => word.text !== "npx")?.text ?? "";
    if (!printers.has(baseName(program)) || commands[last]?.redirected === true) return null;
  }
  const end = commands[last];
  return end === undefined || end.operator === "||" || end.operator === "&" ? null : end.end;
}

/** The last part of a path, without the ending that Windows gives programs. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.(?:cmd|exe)$/, "");
}

function shifted(commands: readonly SimpleCommand[], by: number): readonly SimpleCommand[] {
  return commands.map((command) => ({
    ...command,
    start: command.start - by,
    end: command.end - by,
    words: command.words.map((word) => ({ ...word, start: word.start - by, end: word.end - by })),
  }));
}

/** Programs that look at how code is written: beside tests they only cost time, and what they say is another check's. */
const linters: ReadonlySet<string> = new Set("eslint xo standard prettier biome tslint stylelint".split(" "));

/** Calls of scripts replaced by what they run, and linters by `true`. */
function writeOut(text: string, commands: readonly SimpleCommand[], search: Search, depth: number): string {
  const edits: Edit[] = [];
  for (const command of commands) {
    const first = command.words[0];
    const last = command.words.at(-1);
    if (first === undefined || last === undefined) continue;
    const place = { start: command.start, end: last.end };
    const program = command.words.find((word) => word.text !== "npx")?.text ?? "";
    if (search.linting === "left out" && linters.has(baseName(program)) && !command.redirected)
      edits.push({ ...place, text: "true" });
    const call = command.redirected ? null : scriptCall(command, search);
    if (call === null) continue;
    const { pre, post } = hooks(call, search, depth);
    edits.push({
      ...place,
      text: `( ${call.exports}${pre}${writtenOut(call.body, search, depth)}${post} )`,
    });
  }
  return rewrite(text, edits);
}

function writtenOut(line: string, search: Search, depth: number): string {
  const text = line.trim();
  const commands = readLine(text, depth + 1);
  return commands === null ? text : writeOut(text, commands, search, depth + 1);
}

/** What a package manager runs before and after a script of that name, joined to it. */
function hooks(call: ScriptCall, search: Search, depth: number): { pre: string; post: string } {
  const pre = search.scripts.get(`pre${call.name}`) ?? "";
  const post = search.scripts.get(`post${call.name}`) ?? "";
  return {
    pre: pre.trim() === "" ? "" : `( ${writtenOut(pre, search, depth)} ) && `,
    post: post.trim() === "" ? "" : ` && ( ${writtenOut(post, search, depth)} )`,
  };
}

interface ScriptCall {
  readonly name: string;
  readonly body: string;
  /** `export NAME=value; ` for what stood before the call. */
  readonly exports: string;
}

/** What a command runs when it is `npm test`, `yarn NAME`, `pnpm run NAME` and the like; `null` when it is something else. */
function scriptCall(command: SimpleCommand, { scripts, calls }: Search): ScriptCall | null {
  const { assigned, words } = withoutEnvironment(command);
  const [manager, ...rest] = words;
  const called = calledScript(manager?.text ?? "", rest);
  const body = called === null ? "" : (scripts.get(called.name)?.trim() ?? "");
  if (called === null || body === "" || calls.left === 0) return null;
  calls.left -= 1;
  return {
    name: called.name,
    body: [body, ...called.parameters.map((word) => word.raw)].join(" "),
    exports: assigned.map((text) => `export ${text}; `).join(""),
  };
}

/** Assignments before a command, by the shell or by `env` and `cross-env`, apart from the command. */
export function withoutEnvironment(command: SimpleCommand): {
  readonly assigned: readonly string[];
  readonly words: readonly Word[];
} {
  const assigned = command.assignments.map((word) => word.raw);
  let words = command.words;
  while (["env", "cross-env", "cross-env-shell"].includes(words[0]?.text ?? "")) {
    const end = words.findIndex((word, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(word.raw));
    if (end === -1) break;
    assigned.push(...words.slice(1, end).map((word) => word.raw));
    words = words.slice(end);
  }
  return { assigned, words };
}

interface Called {
  readonly name: string;
  readonly parameters: readonly Word[];
}

/** Options of package managers before a script's name that change nothing about it. */
const quiet: ReadonlySet<string> = new Set(["-s", "--silent", "--if-present", "--quiet"]);
const runs: ReadonlySet<string> = new Set(["run", "run-script"]);

/** By package manager: whether a script can be named without `run`, any or only the tests; and what of the other words the script gets. */
const managers: Readonly<Record<string, { short: (name: string) => boolean; rest: typeof npmScript }>> = {
  npm: { short: (name) => name === "test", rest: npmScript },
  pnpm: { short: () => true, rest: withoutDashes },
  yarn: { short: () => true, rest: withoutDashes },
  bun: { short: () => false, rest: withoutDashes },
};

function calledScript(manager: string, words: readonly Word[]): Called | null {
  const rules = Object.hasOwn(managers, manager) ? managers[manager] : undefined;
  const rest = words.filter((word, index) => !(quiet.has(word.text ?? "") && index < 3));
  const [verb = "", named = ""] = rest.slice(0, 2).map((word) => word.text ?? "");
  const isRun = runs.has(verb);
  const name = isRun ? named : testName(verb);
  if (rules === undefined || name === "" || name.startsWith("-")) return null;
  return isRun || rules.short(name) ? rules.rest(name, rest.slice(isRun ? 2 : 1)) : null;
}

function testName(verb: string): string {
  return verb === "t" || verb === "tst" ? "test" : verb;
}

/** Options of npm that lead to the scripts of other packages. */
const elsewhere = /^(?:-w|-ws|--workspaces?|--prefix|-C)(?:=|$)/;

function npmScript(name: string, after: readonly Word[]): Called | null {
  const dashes = after.findIndex((word) => word.text === "--");
  const own = dashes === -1 ? after : after.slice(0, dashes);
  return own.some((word) => elsewhere.test(word.raw)) ? null : { name, parameters: npmParameters(after) };
}

/** npm hands on what stands behind `--`, and words that are no options. */
function npmParameters(words: readonly Word[]): readonly Word[] {
  const dashes = words.findIndex((word) => word.text === "--");
  const own = dashes === -1 ? words : words.slice(0, dashes);
  const handedOn = dashes === -1 ? [] : words.slice(dashes + 1);
  return [...own.filter((word) => word.text?.startsWith("-") !== true), ...handedOn];
}

function withoutDashes(name: string, words: readonly Word[]): Called {
  return { name, parameters: words[0]?.text === "--" ? words.slice(1) : words };
}
