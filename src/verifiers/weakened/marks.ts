// What is said beside the tests of a file and makes them say less: focus, exits, patched matchers, retries, time limits, mocks of what is tested, silenced linters.
import { quoted, without } from "./text.ts";
import type { TestFile, Weakening, WeakeningKind } from "./types.ts";

interface Mark {
  readonly kind: WeakeningKind;
  readonly pattern: RegExp;
  readonly where: "bare" | "comments" | "code";
  readonly words: string;
}

const marks: readonly Mark[] = [
  {
    kind: "focused",
    pattern:
      /\b(?:it|test|describe|context|suite|specify)\.only\b|(?<![.\w])f(?:it|describe)\s*\(|\bonly:\s*true/g,
    where: "bare",
    words: "Only a part of the tests runs now",
  },
  {
    kind: "exit",
    pattern:
      /\bprocess\.(?:exit|abort|reallyExit)\s*\(|\bos\._exit\(|(?<!\w)sys\.exit\((?!(?:pytest|unittest))|\bos\.Exit\((?!m\.Run)/g,
    where: "bare",
    words: "The tests end the process themselves",
  },
  {
    kind: "patched",
    pattern:
      /(?:^|[;\s]|global(?:This)?\.|const |let |var )expect\s*=(?![=>])(?!\s*(?:require|chai|global|await|import))|\bexpect\.\w+\s*=(?![=>])|\bassert(?:\.\w+)+\s*=(?![=>])|\bObject\.is\s*=(?![=>])|\bself\.assert\w+\s*=(?!=)|\bTestCase\.assert\w+\s*=(?!=)|\bdef __eq__\([^)]*\)[^:\n]*:\s*return True|\b(?:jest|vi)\.mock\(\s*["'](?:node:)?assert/g,
    where: "code",
    words: "What compares values is patched",
  },
  {
    kind: "patched",
    pattern:
      /\bexpect\.extend\(\s*\{\s*(?:to(?:Be|Equal|StrictEqual|Throw|Match|Contain|HaveLength)|toHaveBeenCalled\w*)\b/g,
    where: "bare",
    words: "A matcher of the framework is replaced",
  },
  {
    kind: "skipped",
    pattern: /^pytestmark\s*=.*\bskip|^(?:\/\/go:build ignore|# pytest: skip)/gm,
    where: "code",
    words: "The whole file is skipped",
  },
  {
    kind: "skipped",
    pattern: /^\/\/(?:go:build|\s*\+build) ignore/gm,
    where: "comments",
    words: "The whole file is left out of the build",
  },
  {
    kind: "silenced",
    pattern:
      /@ts-nocheck|eslint-disable(?:-next-line|-line)?\s+(?:[\w@/-]{1,80},\s{0,20}){0,20}(?:jest|vitest|mocha|ava|playwright)\/(?!(?:prefer|consistent|max|padding)-|no-(?:raw-locators|element-handle|nth-methods|get-by-title|networkidle|wait-for-\w+|hooks|setup-in-describe)\b)|pylint:\s*skip-file|flake8:\s*noqa/g,
    where: "comments",
    words: "A checker of the tests is silenced",
  },
];

interface Limit {
  readonly kind: WeakeningKind;
  readonly pattern: RegExp;
  readonly words: string;
}

/** Their largest number counts. */
const limits: readonly Limit[] = [
  {
    kind: "retries",
    pattern: /\b(?:retryTimes\(|this\.retries\(|\.flaky\(\D{0,20})\s*(\d+)/g,
    words: "A failure is tried again more often",
  },
  {
    kind: "timeout",
    pattern: /\b(?:jest\.setTimeout\(|this\.timeout\(|testTimeout:)\s*([\d_]+)/g,
    words: "The tests may take longer",
  },
];

/** `path` is the test's own; `tested` are the squeezed subjects of its checks. */
export function compareMarks(path: string, before: TestFile, after: TestFile): readonly Weakening[] {
  return [
    ...marks
      .filter(({ pattern, where }) => matchesOf(after[where], pattern) > matchesOf(before[where], pattern))
      .map(({ kind, words }) => ({ kind, words: `${words}.` })),
    ...limits
      .filter(({ pattern }) => highest(after.bare, pattern) > highest(before.bare, pattern))
      .map(({ kind, words }) => ({ kind, words: `${words}.` })),
    ...newMocks(path, before, after),
  ];
}

function matchesOf(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].length;
}

function highest(text: string, pattern: RegExp): number {
  let most = 0;
  for (const [, number] of text.matchAll(pattern)) most = Math.max(most, Number(number?.replaceAll("_", "")));
  return most;
}

const modules =
  /\b(?:(?:jest|vi)\.(?:do|unstable_)?[mM]ock(?:Module)?|mock\.module|proxyquire|rewiremock)\(\s*(?:import\(\s*)?["'`]([^"'`\n]{1,300})["'`]/g;
const members =
  /\b(?:spyOn|sinon\.stub|mock\.method|td\.replace|monkeypatch\.setattr|patch\.object)\(\s*([\w.]{1,100})\s*,\s*["']([\w]{1,100})["']/g;
const patches =
  /(?:\bmocker\.patch|@(?:mock\.)?patch|\bmock\.patch|\bpatch|monkeypatch\.setattr)\(\s*["']([\w.]{1,200})["']/g;

/** Mocks of the module under test, or of a function whose result is checked. */
function newMocks(path: string, before: TestFile, after: TestFile): readonly Weakening[] {
  const fresh = without(mocked(after.code), mocked(before.code), (name) => name);
  const stem = stemOf(path);
  const subjects = before.tests
    .flatMap(({ checks }) => checks.map(({ subject, text }) => `${subject} ${text}`))
    .join("\n");
  return fresh
    .filter((name) => stemOf(name) === stem || (name.includes("#") && subjects.includes(calledName(name))))
    .map((name) => ({
      kind: "mocked" as const,
      words: `${quoted(name.replace("#", "."))}, which is what is tested, is mocked.`,
    }));
}

/** `sum.add(` of "sum#add", and of "shop.sum#add". */
function calledName(name: string): string {
  const [object = "", member = ""] = name.split("#");
  return `${object.includes(".") ? "" : `${object}.`}${member}(`;
}

function mocked(code: string): readonly string[] {
  return [
    ...[...code.matchAll(modules)].map(([, name]) => name ?? ""),
    ...[...code.matchAll(members)].map(([, object, name]) => `${object ?? ""}#${name ?? ""}`),
    ...[...code.matchAll(patches)].map(([, name]) => (name ?? "").replace(/\.(\w+)$/, "#$1")),
  ];
}

/** "src/foo/bar.test.ts", "./bar.js" and "test_bar.py": "bar". */
function stemOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  return name
    .replace(/(?:[._-](?:test|tests|spec|e2e))?(?:\.[cm]?[jt]sx?|\.py|\.go)?$/, "")
    .replace(/^test_|_test$/, "");
}
