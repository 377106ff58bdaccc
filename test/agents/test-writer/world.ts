// A repository in memory whose tests do run: sources and tests are evaluated, lines are counted, models play a script.
import type { WritePorts, WriteProblem } from "../../../src/agents/test-writer/types.ts";
import type { TestResult } from "../../../src/core/checks.ts";
import { noModels } from "../../../src/core/models.ts";
import type { Asked } from "../../../src/core/models.ts";
import type { PromptData } from "../../../src/core/prompt.ts";
import type { SuiteRequest, SuiteRun } from "../../../src/core/suite.ts";

export type Files = Readonly<Record<string, string>>;

export interface Scenario {
  readonly head: Files;
  readonly base?: Files;
  /** Answers of the small model, in order; then it is not available. */
  readonly answers?: readonly string[];
  readonly only?: string;
  readonly unavailable?: string;
  /** Whether lines are measured. */
  readonly measures?: boolean;
  /** Says of a run what the world would not: by its number, from 1. */
  readonly run?: (number: number, request: SuiteRequest, real: SuiteRun) => SuiteRun;
  /** Milliseconds that each run takes on the clock. */
  readonly wallMs?: number;
}

export interface World {
  readonly problem: WriteProblem;
  readonly ports: WritePorts;
  readonly requests: readonly SuiteRequest[];
  readonly asked: readonly { readonly slot: string; readonly data: PromptData }[];
  readonly textsOf: (tree: string) => Files;
  /** Whether each answer settled something, by the id of its call: "call-1" for the first. */
  readonly accepted: Readonly<Record<string, boolean | undefined>>;
}

export function worldOf(scenario: Scenario): World {
  const base = scenario.base ?? {};
  const trees = new Map<string, Files>([
    ["head", scenario.head],
    ["base", base],
  ]);
  const requests: SuiteRequest[] = [];
  const asked: { slot: string; data: PromptData }[] = [];
  const accepted: Record<string, boolean | undefined> = {};
  const answers = [...(scenario.answers ?? [])];
  let time = 0;
  const textsOf = (tree: string) => trees.get(tree) ?? {};
  const run = (request: SuiteRequest): Promise<SuiteRun> => {
    requests.push(request);
    time += scenario.wallMs ?? 1;
    const real = runFiles(textsOf(request.tree), request, {
      run: requests.length,
      measures: scenario.measures ?? true,
    });
    return Promise.resolve(scenario.run?.(requests.length, request, real) ?? real);
  };
  const ports: WritePorts = {
    trees: {
      treeWith: (results) => {
        const changed = [...results].map(([path, blob]) => [
          path,
          Buffer.from(blob?.bytes ?? []).toString("utf8"),
        ]);
        const tree = `tree-${trees.size}`;
        trees.set(tree, { ...scenario.head, ...(Object.fromEntries(changed) as Files) });
        return Promise.resolve(tree);
      },
      listTree: (tree) => Promise.resolve(Object.keys(textsOf(tree)).sort()),
      readTree: (tree, path) => {
        const text = textsOf(tree)[path];
        return Promise.resolve(text === undefined ? null : { mode: "100644", bytes: Buffer.from(text) });
      },
      archive: () => () => {
        throw new Error("Nothing is unpacked in memory.");
      },
    },
    suite: {
      unavailable: scenario.unavailable ?? null,
      commands: [{ name: "test", line: "node --test", folder: "", runner: "node" }],
      run,
      typecheck: () => Promise.resolve(null),
      lint: () => Promise.resolve(null),
      format: () => Promise.resolve({ runs: [], changed: new Map() }),
    },
    models: {
      ...noModels,
      isAvailable: () => answers.length > 0,
      ask: ({ slot }, { data }): Promise<Asked> => {
        asked.push({ slot, data });
        const text = answers.shift() ?? "";
        const callIds = [`call-${asked.length}`];
        return Promise.resolve({ status: "answered", text, callIds, model: "small", why: "" });
      },
      note: (callIds, note) => {
        for (const id of callIds) accepted[id] = note.accepted;
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
    now: () => time,
    record: () => undefined,
  };
  const changed = Object.keys(scenario.head).filter((path) => scenario.head[path] !== base[path]);
  const only = scenario.only ?? null;
  return {
    problem: { head: "head", base: "base", changed, only, seed: "seed" },
    ports,
    requests,
    asked,
    textsOf,
    accepted,
  };
}

const isTest = (path: string): boolean => path.endsWith(".test.js");

interface Running {
  readonly run: number;
  readonly measures: boolean;
}

function runFiles(files: Files, { tests, measure }: SuiteRequest, { run, measures }: Running): SuiteRun {
  const wanted = Object.keys(files).filter(
    (path) => isTest(path) && (tests === "all" || tests.includes(path)),
  );
  const ran = new Map<string, Set<number>>();
  const results = wanted.flatMap((path) => runFile(path, files, { ran, run }));
  const coverage = measures
    ? new Map(
        measure.filter((path) => ran.has(path)).map((path) => [path, ran.get(path) ?? new Set<number>()]),
      )
    : null;
  return { status: "reported", tests: results, trouble: "", output: "", coverage, shuffled: true, wallMs: 1 };
}

interface Counted {
  readonly ran: Map<string, Set<number>>;
  readonly run: number;
}

type Step = [title: string, body: () => void, skipped: boolean];

function runFile(path: string, files: Files, counted: Counted): readonly TestResult[] {
  const steps: Step[] = [];
  const register = Object.assign((title: string, body: () => void) => steps.push([title, body, false]), {
    skip: (title: string, body: () => void) => steps.push([title, body, true]),
  });
  try {
    evaluate(files[path] ?? "", path, files, { ...counted, register });
  } catch (error) {
    return [{ id: path, status: "failed", message: String(error) }];
  }
  return steps.map(([title, body, skipped]) => {
    const id = `${path} > ${title}`;
    if (skipped) return { id, status: "skipped", message: "" };
    try {
      body();
      return { id, status: "passed", message: "" };
    } catch (error) {
      return { id, status: "failed", message: String(error) };
    }
  });
}

type Register = (title: string, body: () => void) => unknown;

/** A test with the sources that it imports, as one function. `flip()` is true in every other run. */
function evaluate(
  text: string,
  path: string,
  files: Files,
  { ran, run, register }: Counted & { readonly register: Register },
): void {
  const sources = [...text.matchAll(/^import \{[^}]*\} from "(\.[^"]+)";$/gm)].map(([, module = ""]) => {
    const source = new URL(module, `file:///${path}`).pathname.slice(1);
    if (files[source] === undefined) throw new Error(`Cannot find module ${source}`);
    ran.set(source, ran.get(source) ?? new Set());
    return counting(source, files[source]);
  });
  const count = (source: string, line: number) => ran.get(source)?.add(line);
  const assert = {
    equal: (one: unknown, other: unknown) => {
      if (one !== other) throw new Error(`${String(one)} is not ${String(other)}`);
    },
    ok: (one: unknown) => {
      if (!one) throw new Error(`${String(one)} is not true`);
    },
  };
  const body = text.replace(/^import .*$/gm, "");
  const imports = [...text.matchAll(/^import (?:\{ ([^}]*) \}|(\w+)) from "(?!\.)/gm)].flatMap(
    ([, many = "", one]) => one ?? many.split(", "),
  );
  const globals = { test: register, assert };
  for (const name of ["test", "assert"] as const)
    if (!imports.includes(name)) Reflect.deleteProperty(globals, name);
  const names = Object.keys(globals);
  const values = names.map((name) => Reflect.get(globals, name) as unknown);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- these are this file's own fixtures.
  const start = new Function("__ran", "flip", ...names, `${sources.join("\n")}\n${body}`) as (
    ...args: unknown[]
  ) => void;
  start(count, () => run % 2 === 0, ...values);
}

/** Lines that begin a statement tell that they ran. */
function counting(path: string, text: string): string {
  return text
    .split("\n")
    .map((line, index) =>
      line
        .replace(/^(\s+)(?=if |return |throw )/, `$1__ran(${JSON.stringify(path)}, ${index + 1});`)
        .replace(/^export /, ""),
    )
    .join("\n");
}
