// Reads the tests of a file: one walk over its tree, which knows at each node in which test it is and what stands between that test and the node.
import { grammarOf } from "../../syntax/index.ts";
import { loadGrammar, type GrammarName, type SyntaxNode } from "../../syntax/tree-sitter.ts";
import {
  attributesAhead,
  readOf,
  type Dialect,
  type FoundCheck,
  type FoundTest,
  type Read,
} from "./dialect.ts";
import { blank, blanksOf, deepest, silencedIn } from "./blanks.ts";
import { go } from "./go-dialect.ts";
import { branchesOf, type Surroundings, freely } from "./surroundings.ts";
import { python } from "./python-dialect.ts";
import { scripts } from "./script-dialect.ts";
import { strengthOf, toleranceOf } from "./strength.ts";
import { isLiteral, squeeze } from "./text.ts";
import { java, rust } from "./typed-dialects.ts";
import type { Check, TestCase, TestFile } from "./types.ts";

const dialects: Readonly<Partial<Record<GrammarName, Dialect>>> = {
  javascript: scripts,
  typescript: scripts,
  tsx: scripts,
  python,
  go,
  rust,
  java,
};

/** UTF-16 units: longer texts are data, and each node costs a call into WebAssembly. */
const longestText = 500_000;
const longestParse = 4_000;
/** `null` where no reader knows the language, or the text is too long, too deep or too broken to be read. */
export async function readTests(path: string, source: string): Promise<TestFile | null> {
  const name = grammarOf(path);
  const dialect = name === null ? undefined : dialects[name];
  if (name === null || dialect === undefined || source.length > longestText) return null;
  const grammar = await loadGrammar(name);
  return grammar.readTrees([source], longestParse, ([root]) =>
    root === undefined ? null : readTree(root, source, dialect),
  );
}

/** What a walk gathers of one test. */
interface Draft extends Pick<TestCase, "title" | "kind" | "rows" | "retries"> {
  off: string | null;
  plan: number | null;
  readonly start: number;
  readonly end: number;
  readonly checks: Check[];
  /** Functions it calls, with the whole call squeezed and what stands around it. */
  readonly calls: { readonly name: string; readonly text: string; readonly around: Surroundings }[];
}

interface Walk {
  readonly dialect: Dialect;
  readonly read: Read;
  readonly values: Map<string, string>;
  readonly drafts: Draft[];
}

interface Place {
  readonly draft: Draft;
  /** Titles of the suites around. */
  readonly path: readonly string[];
  readonly off: string | null;
  readonly around: Surroundings;
  readonly depth: number;
}

function readTree(root: SyntaxNode, source: string, dialect: Dialect): TestFile | null {
  const blanks = blanksOf(root);
  if (blanks === null) return null;
  const code = blank(source, blanks.comments);
  const values = new Map<string, string>();
  const file = draftOf({ title: "", kind: "file", node: root });
  const walk: Walk = { dialect, read: readOf(code, values), values, drafts: [file] };
  visit(root, { draft: file, path: [], off: null, around: freely, depth: 0 }, walk);
  return {
    tests: withHelpers(walk.drafts).map((draft) => ({
      ...draft,
      body: code.slice(draft.start, draft.end),
      silenced: silencedIn(source.slice(draft.start, draft.end)),
    })),
    code,
    bare: blank(code, blanks.strings),
    comments: blanks.comments.map(([start, end]) => source.slice(start, end)).join("\n"),
  };
}

function draftOf({
  title,
  kind,
  node,
  found,
}: {
  title: string;
  kind: TestCase["kind"];
  node: SyntaxNode;
  found?: FoundTest;
}): Draft {
  const { start, end } = node;
  return {
    title,
    kind,
    off: null,
    plan: null,
    rows: found?.rows ?? null,
    retries: found?.retries ?? 0,
    start,
    end,
    checks: [],
    calls: [],
  };
}

function visit(node: SyntaxNode, place: Place, walk: Walk): void {
  if (place.depth > deepest || !node.named) return;
  if (node.type === "attribute_item") {
    noteAttribute(node, walk);
    return;
  }
  const found = walk.dialect.test(node, walk.read);
  walk.values.delete(attributesAhead);
  if (found !== null) {
    visitTest(node, found, place, walk);
    return;
  }
  const deeper = enter(node, place, walk);
  note(node, deeper, walk);
  const check = walk.dialect.check(node, walk.read, deeper.around.condition);
  if (check !== null) {
    deeper.draft.checks.push(checkOf(node, check, deeper.around, walk.read));
    for (const inner of check.inner) visit(inner, { ...deeper, depth: deeper.depth + 1 }, walk);
    return;
  }
  for (const { child, around } of branchesOf(node, deeper.around, walk.read)) {
    visit(child, { ...deeper, around, depth: deeper.depth + 1 }, walk);
  }
}

function visitTest(node: SyntaxNode, found: FoundTest, place: Place, walk: Walk): void {
  const path = found.title === "" ? place.path : [...place.path, found.title];
  const off = place.off ?? found.off;
  // A test in a loop over nothing is none.
  if (place.around.never) return;
  const next = {
    ...place,
    path,
    off,
    around: { ...freely, condition: place.around.condition, many: found.rows !== null || place.around.many },
    depth: place.depth + 1,
  };
  if (found.group) {
    for (const inner of found.inner) visit(inner, next, walk);
    return;
  }
  const draft = draftOf({ title: path.join(" > "), kind: "test", node, found });
  draft.off = off ?? (found.rows?.length === 0 ? "empty table" : null);
  walk.drafts.push(draft);
  for (const inner of found.inner) visit(inner, { ...next, draft }, walk);
}

/** Functions beside the tests are gathered on their own. */
function enter(node: SyntaxNode, place: Place, walk: Walk): Place {
  const helper = place.draft.kind === "test" ? null : walk.dialect.helper(node, walk.read);
  if (helper === null) return place;
  const draft = draftOf({ title: helper, kind: "helper", node });
  walk.drafts.push(draft);
  return { ...place, draft, around: freely };
}

/** Constants, calls, and what is said of the whole test. */
function note(node: SyntaxNode, { draft, around }: Place, walk: Walk): void {
  const { dialect, read } = walk;
  noteValue(node, walk);
  if (draft.kind === "test" && around.condition === null && dialect.skip(node, read) !== null)
    draft.off ??= "skip";
  draft.plan = dialect.plan(node, read) ?? draft.plan;
  const callee = calleeOf(node);
  if (callee !== null)
    draft.calls.push({ name: read.text(callee).split(".").at(-1) ?? "", text: read.squeezed(node), around });
}

function calleeOf(node: SyntaxNode): SyntaxNode | null {
  if (node.type === "method_invocation") return node.field("name");
  return node.type === "call_expression" || node.type === "call" ? node.field("function") : null;
}

/** Longer values (UTF-16 units) are no empty tables. */
const longestValue = 2_000;

function noteValue(node: SyntaxNode, { read, values }: Walk): void {
  if (["variable_declarator", "assignment", "short_var_declaration"].includes(node.type)) {
    const name = node.field("name") ?? node.field("left");
    const value = node.field("value") ?? node.field("right");
    if (name !== null && value !== null && value.end - value.start < longestValue)
      values.set(read.text(name), read.squeezed(value));
  }
}

/** Rust's attributes are nodes of their own, ahead of what they are of. */
function noteAttribute(node: SyntaxNode, { read, values }: Walk): void {
  values.set(attributesAhead, `${values.get(attributesAhead) ?? ""}${read.squeezed(node)}`);
}

function checkOf(node: SyntaxNode, found: FoundCheck, around: Surroundings, read: Read): Check {
  const part = (given: SyntaxNode | string) =>
    typeof given === "string" ? squeeze(given) : read.squeezed(given);
  let subject = part(found.subject);
  let expected = found.expected === null ? null : part(found.expected);
  // Some say first what is expected.
  if (expected !== null && isLiteral(subject) && !isLiteral(expected))
    [subject, expected] = [expected, subject];
  const text = found.matcher === "fail-if" ? `fail-if(${subject})` : read.squeezed(node);
  return {
    text,
    subject,
    expected,
    matcher: found.matcher,
    strength: strengthOf(found.matcher, found.negated, { subject, expected }),
    tolerance: toleranceOf(found.matcher, found.extra.map(read.squeezed), text),
    condition: found.matcher === "fail-if" ? around.outerCondition : around.condition,
    never: around.never,
    swallowed: around.swallowed,
    many: around.many,
  };
}

/** A call of a function of the file that checks something is a check itself. */
function withHelpers(drafts: readonly Draft[]): readonly Draft[] {
  const checking = new Set(
    drafts
      .filter(({ kind, checks }) => kind === "helper" && checks.some(({ never }) => !never))
      .map(({ title }) => title),
  );
  for (let grown = true; grown;) {
    const more = drafts.filter(
      ({ kind, title, calls }) =>
        kind === "helper" && !checking.has(title) && calls.some(({ name }) => checking.has(name)),
    );
    for (const { title } of more) checking.add(title);
    grown = more.length > 0;
  }
  return drafts.map((draft) => ({
    ...draft,
    checks: [
      ...draft.checks,
      ...draft.calls
        .filter(({ name, text }) => checking.has(name) && !draft.checks.some((check) => check.text === text))
        .map(({ name, text, around }): Check => ({
          text,
          subject: text,
          expected: null,
          matcher: name,
          strength: 3,
          tolerance: null,
          condition: around.condition,
          never: around.never,
          swallowed: around.swallowed,
          many: true,
        })),
    ],
  }));
}
