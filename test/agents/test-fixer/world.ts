// A repository in memory whose tests are really run, by a small runner in a `vm` context: no sandbox, no git. Texts are CommonJS; tests look like jest's.
import { isAbsolute, posix } from "node:path";
import { createContext, Script } from "node:vm";
import type { TestResult } from "../../../src/core/checks.ts";
import type { CommandRun } from "../../../src/core/checks.ts";
import type { Complaint, Suite, SuiteRequest, SuiteRun, ToolRun, Trees } from "../../../src/core/suite.ts";
import { noReportId } from "../../../src/core/suite.ts";

type Files = Readonly<Record<string, string>>;

export interface WorldOptions {
  /** Milliseconds that each run is said to take; left out: as slow as most suites, for a quick one is run more often. */
  readonly wallMs?: number;
  readonly base: Files | null;
  readonly head: Files;
  /** Tests by id that end otherwise than they would, run by run of the head (from 0). */
  readonly twist?: (id: string, run: number) => TestResult["status"] | null;
  readonly unavailable?: string;
  readonly stopped?: boolean;
  /** Complaints of a type check, and of a linter, about the files of a tree; left out: there is none. */
  readonly typecheck?: (files: ReadonlyMap<string, string>) => readonly Complaint[];
  readonly lint?: (files: ReadonlyMap<string, string>) => readonly Complaint[];
  readonly format?: (path: string, text: string) => string;
}

export interface World {
  readonly trees: Trees;
  readonly suite: Suite;
  readonly requests: readonly SuiteRequest[];
  readonly textIn: (tree: string, path: string) => string | undefined;
}

const command = "jest";

export function worldOf(options: WorldOptions): World {
  const trees = new Map<string, ReadonlyMap<string, string>>([
    ["head", new Map(Object.entries(options.head))],
  ]);
  if (options.base !== null) trees.set("base", new Map(Object.entries(options.base)));
  const requests: SuiteRequest[] = [];
  let headRuns = 0;
  const filesOf = (tree: string) => trees.get(tree) ?? new Map<string, string>();
  const treeWith: Trees["treeWith"] = (results) => {
    const files = new Map(filesOf("head"));
    for (const [path, blob] of results) {
      if (blob === null) files.delete(path);
      else files.set(path, Buffer.from(blob.bytes).toString("utf8"));
    }
    const name = `tree ${trees.size}`;
    trees.set(name, files);
    return Promise.resolve(name);
  };
  const tool = (name: "typecheck" | "lint", read: WorldOptions["lint"]) => (tree: string) =>
    Promise.resolve(read === undefined ? null : toolRun(name, read(filesOf(tree))));
  return {
    requests,
    textIn: (tree, path) => filesOf(tree).get(path),
    trees: {
      treeWith,
      listTree: (tree) => Promise.resolve([...filesOf(tree).keys()].toSorted()),
      readTree: (tree, path) => {
        const text = filesOf(tree).get(path);
        return Promise.resolve(text === undefined ? null : { mode: "100644", bytes: Buffer.from(text) });
      },
      archive: () => {
        throw new Error("The test did not expect this call.");
      },
    },
    suite: {
      unavailable: options.unavailable ?? null,
      commands: [{ name: "test", line: command, folder: "", runner: "jest" }],
      run: (request) => {
        requests.push(request);
        if (options.stopped === true)
          return Promise.resolve({ ...emptyRun, status: "stopped", trouble: "Time ran out." });
        const run = runTests(filesOf(request.tree), request);
        const at = request.tree === "head" ? headRuns++ : -1;
        const tests = run.tests.map((one) => twisted(one, at, options));
        return Promise.resolve({ ...run, tests, wallMs: options.wallMs ?? run.wallMs });
      },
      typecheck: tool("typecheck", options.typecheck),
      lint: tool("lint", options.lint),
      format: (tree, paths) => {
        const changed = new Map<string, string>();
        for (const path of paths) {
          const text = filesOf(tree).get(path);
          if (text === undefined || options.format === undefined) continue;
          const after = options.format(path, text);
          if (after !== text) changed.set(path, after);
        }
        return Promise.resolve({ runs: [], changed });
      },
    },
  };
}

function twisted(result: TestResult, run: number, { twist }: WorldOptions): TestResult {
  const status = run < 0 ? null : (twist?.(result.id, run) ?? null);
  return status === null || status === result.status
    ? result
    : { ...result, status, message: "It says otherwise." };
}

function toolRun(name: "typecheck" | "lint", complaints: readonly Complaint[]): ToolRun {
  const status: CommandRun["status"] = complaints.length === 0 ? "passed" : "failed";
  return { run: { name, command: name, status, trouble: "", output: "", wallMs: 1 }, complaints };
}

const emptyRun: SuiteRun = {
  status: "reported",
  tests: [],
  trouble: "",
  output: "",
  coverage: null,
  shuffled: false,
  wallMs: 20_000,
};

const isTestFile = (path: string): boolean => path.endsWith(".test.js");

class Exit extends Error {}

/** Runs the test files that are asked for, each in a context of its own. A file that ends the process leaves no report. */
function runTests(files: ReadonlyMap<string, string>, { tests, seed }: SuiteRequest): SuiteRun {
  const paths = [...files.keys()]
    .filter((path) => isTestFile(path) && (tests === "all" || tests.includes(path)))
    .toSorted();
  const results: TestResult[] = [];
  for (const path of paths) {
    try {
      results.push(...runFile(files, path, seed));
    } catch (error) {
      if (!(error instanceof Exit)) throw error;
      const id = noReportId(command);
      return {
        ...emptyRun,
        status: "unreadable",
        tests: [...results, { id, status: "failed", message: "It wrote no report." }],
      };
    }
  }
  return { ...emptyRun, tests: results, shuffled: seed !== null };
}

interface Registered {
  readonly title: string;
  readonly body: (() => void) | null;
}

function runFile(files: ReadonlyMap<string, string>, path: string, seed: number | null): TestResult[] {
  const registered: Registered[] = [];
  const titles: string[] = [];
  const add = (title: string, body: (() => void) | null) =>
    registered.push({ title: [...titles, title].join(" > "), body });
  const test = Object.assign((title: string, body: () => void) => add(title, body), {
    skip: (title: string) => add(title, null),
  });
  const describe = (title: string, body: () => void) => {
    titles.push(title);
    body();
    titles.pop();
  };
  const globals = {
    test,
    it: test,
    describe,
    expect,
    process: fakeProcess(),
    console: { log: () => undefined },
  };
  const context = createContext(globals);
  try {
    loader(files, context)(path);
  } catch (error) {
    if (isExit(error)) throw new Exit();
    return [{ id: path, status: "failed", file: path, ...said(error) }];
  }
  const order = seed === null ? registered : registered.toReversed();
  return order.map((one) => ended(one, path, context));
}

function ended({ title, body }: Registered, path: string, context: object): TestResult {
  const id = `${path} > ${title}`;
  if (body === null) return { id, status: "skipped", message: "", file: path };
  try {
    // In the context, so that a body that never ends is stopped.
    Object.assign(context, { __body: body });
    new Script("__body()").runInContext(context, { timeout: 300 });
    return { id, status: "passed", message: "", file: path };
  } catch (error) {
    if (isExit(error)) throw new Exit();
    return { id, status: "failed", file: path, ...said(error) };
  }
}

const exitWord = "process.exit was called";
const isExit = (error: unknown): boolean => messageOf(error) === exitWord;
const messageOf = (error: unknown): string =>
  typeof error === "object" && error !== null && "message" in error ? String(error.message) : String(error);

function said(error: unknown): { message: string; detail: string } {
  const message = messageOf(error);
  const stack =
    typeof error === "object" && error !== null && "stack" in error ? String(error.stack) : message;
  return { message, detail: stack.slice(0, 8_000) };
}

const fakeProcess = () => ({
  env: {},
  exit: () => {
    throw new Error(exitWord);
  },
});

function loader(files: ReadonlyMap<string, string>, context: object): (path: string) => unknown {
  const modules = new Map<string, { exports: unknown }>();
  const load = (path: string): unknown => {
    const known = modules.get(path);
    if (known !== undefined) return known.exports;
    const text = files.get(path);
    if (text === undefined) throw new Error(`Cannot find module '${path}'`);
    const module = { exports: {} as unknown };
    modules.set(path, module);
    const wrapped = new Script(`(function (require, module, exports) {${text}\n})`, {
      filename: `/project/${path}`,
    });
    const run: unknown = wrapped.runInContext(context, { timeout: 300 });
    const require = (name: string) => load(resolved(path, name));
    if (typeof run === "function") Reflect.apply(run, undefined, [require, module, module.exports]);
    return module.exports;
  };
  return load;
}

function resolved(from: string, name: string): string {
  if (isAbsolute(name)) return name;
  const path = posix.join(posix.dirname(from), name);
  return path.endsWith(".js") ? path : `${path}.js`;
}

/** As much of jest's `expect` as these tests use. */
function expect(actual: unknown) {
  const show = (value: unknown): string => (value === undefined ? "undefined" : JSON.stringify(value));
  const fail = (expected: unknown): never => {
    throw new Error(`expect(received)\n\nExpected: ${show(expected)}\nReceived: ${show(actual)}`);
  };
  return {
    toBe: (expected: unknown) => (Object.is(actual, expected) ? undefined : fail(expected)),
    toEqual: (expected: unknown) => (show(actual) === show(expected) ? undefined : fail(expected)),
    toThrow: () => {
      try {
        if (typeof actual === "function") Reflect.apply(actual, undefined, []);
      } catch {
        return undefined;
      }
      return fail("an error");
    },
  };
}
