// A canary: a test that must fail, put beside the others. A source that forges reports, ends the process or patches the framework makes it sing, or takes it away.
import type { SuiteRun } from "../../../core/suite.ts";
import type { GateWord } from "../types.ts";

export interface CanaryKind {
  /** As `SuiteCommand.runner` names it. */
  readonly runner: string;
  /** 4 to 64 letters or digits that the source cannot know: fresh for each run. */
  readonly nonce: string;
}

const noncePattern = /^[A-Za-z0-9]{4,64}$/;

/** The text with a test of the runner's own style at its end; `null` where that style cannot be told from the text. */
export function withCanary(path: string, text: string, { runner, nonce }: CanaryKind): string | null {
  if (!noncePattern.test(nonce)) return null;
  const canary = writers[runner]?.(text, `errand canary ${nonce}`, { path, nonce }) ?? null;
  return canary === null ? null : `${text}${text.endsWith("\n") ? "" : "\n"}${canary}`;
}

type Writer = (
  text: string,
  title: string,
  file: { readonly path: string; readonly nonce: string },
) => string | null;

const writers: Readonly<Partial<Record<string, Writer>>> = {
  jest: ofExpecting,
  vitest: ofExpecting,
  mocha: ofMocha,
  node: ofNode,
  ava: (text, title) => ofImported(text, ["ava"], title, "t.is(1, 2);"),
  tap: (text, title) => ofImported(text, ["tap"], title, "t.equal(1, 2); t.end();"),
  // Its report names assertions, and no test around them.
  tape: (text, title) =>
    ofImported(text, ["tape", "tape-catch"], title, `t.equal(1, 2, ${JSON.stringify(title)}); t.end();`),
  pytest: (_text, _title, { path, nonce }) =>
    path.endsWith(".py") ? `\n\ndef test_errand_canary_${nonce}():\n    assert 1 == 2\n` : null,
  go: (text, _title, { path, nonce }) =>
    path.endsWith("_test.go") && /^\s*(?:import\s+)?"testing"/m.test(text)
      ? `\nfunc TestErrandCanary${nonce}(t *testing.T) {\n\tt.Fatal("canary")\n}\n`
      : null,
};

/** The words that the file itself begins tests with. */
function starter(text: string): string | null {
  return /^[ \t]*(it|test|specify)(?:\.\w+)?\s*\(/m.exec(text)?.[1] ?? null;
}

/** Judged by the framework's own comparison, so that one which was patched is noticed; where it is not at hand, by an error. */
function ofExpecting(text: string, title: string): string | null {
  const start = starter(text);
  const fails = /\bexpect\s*[(.]/.test(text)
    ? "expect(1).toBe(2);"
    : `throw new Error(${JSON.stringify(title)});`;
  return start === null ? null : scriptTest(start, title, fails);
}

function ofMocha(text: string, title: string): string | null {
  const start = starter(text);
  const chai = /\bexpect\s*\(/.test(text) && /["']chai["']/.test(text) ? "expect(1).to.equal(2);" : null;
  const assert = /\bassert\.(?:strictE|e)qual\b/.test(text) ? "assert.equal(1, 2);" : null;
  return start === null
    ? null
    : scriptTest(start, title, chai ?? assert ?? `throw new Error(${JSON.stringify(title)});`);
}

function ofNode(text: string, title: string): string | null {
  const names = importedFrom(text, ["node:test", "test"]);
  const start = ["test", "it"].find((name) => names.has(name)) ?? names.get("") ?? null;
  const assert = importedFrom(text, ["node:assert", "assert", "node:assert/strict", "assert/strict"]).get("");
  const fails =
    assert === undefined ? `throw new Error(${JSON.stringify(title)});` : `${assert}.equal(1, 2);`;
  return start === null ? null : scriptTest(names.get(start) ?? start, title, fails);
}

function ofImported(text: string, modules: readonly string[], title: string, fails: string): string | null {
  const names = importedFrom(text, modules);
  const direct = names.get("test");
  const whole = names.get("");
  const called = direct ?? (whole === undefined ? null : modules.includes("tap") ? `${whole}.test` : whole);
  return called === null ? null : `${called}(${JSON.stringify(title)}, function (t) { ${fails} });\n`;
}

function scriptTest(start: string, title: string, fails: string): string {
  return `;${start}(${JSON.stringify(title)}, function () { ${fails} });\n`;
}

/** Local names of what a file takes from these modules, by the name there; "" for the module itself. */
function importedFrom(text: string, modules: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const patterns = [
    /\b(?:const|let|var)\s+([\w$]+|\{[^{}]{0,500}\})\s*=\s*(?:\w+\()?require\(\s*["']([^"'\n]{1,100})["']\s*\)\)?(\.\w+)?/g,
    /\bimport\s+(?:\*\s*as\s+)?([\w$]+|\{[^{}]{0,500}\})\s*(?:,\s*\{[^{}]{0,500}\}\s*)?from\s*["']([^"'\n]{1,100})["']()/g,
  ];
  for (const [, what = "", module = "", member = ""] of patterns.flatMap((pattern) => [
    ...text.matchAll(pattern),
  ])) {
    if (!modules.includes(module)) continue;
    if (!what.startsWith("{")) names.set(/^\.(?:test|it)$/.test(member) ? "test" : "", what);
    else
      for (const [, name = "", local = name] of what.matchAll(/([\w$]+)(?:\s*(?::|as)\s*([\w$]+))?/g))
        names.set(name, local);
  }
  return names;
}

function isCanary(id: string, nonce: string): boolean {
  return [`errand canary ${nonce}`, `errand_canary_${nonce}`, `ErrandCanary${nonce}`].some((name) =>
    id.includes(name),
  );
}

/** Passes only where the report is whole and says that the canary failed. What else it says is for others to judge (`withoutCanary`). */
export function canaryWord(run: SuiteRun, nonce: string): GateWord {
  const canaries = run.tests.filter(({ id }) => isCanary(id, nonce));
  const why =
    run.status !== "reported"
      ? "With a test that must fail beside the others, the tests left no whole report."
      : canaries.length === 0
        ? "A test that must fail is missing from the report: something ends the tests early, or writes their report."
        : canaries.some(({ status }) => status !== "failed")
          ? "A test that must fail did not: something makes tests pass, whatever they say."
          : "";
  return { passed: why === "", why };
}

/** The run as it would be without it. */
export function withoutCanary(run: SuiteRun, nonce: string): SuiteRun {
  return { ...run, tests: run.tests.filter(({ id }) => !isCanary(id, nonce)) };
}
