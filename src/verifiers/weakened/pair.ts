// Which test of a file became which: by title, and where that is gone, by what it checks and does.
import { quoted, squeeze, without } from "./text.ts";
import type { Check, TestCase, TestFile, Weakening } from "./types.ts";

export interface Pairs {
  readonly pairs: readonly { readonly before: TestCase; readonly after: TestCase }[];
  readonly removed: readonly TestCase[];
  readonly added: readonly TestCase[];
}

/** Share of lines that two tests must have in common to be one test under two titles. */
const alike = 0.4;
/** Tests that are compared each with each. */
const mostCompared = 200;

export function pairTests(before: TestFile, after: TestFile): Pairs {
  const pairs: { before: TestCase; after: TestCase }[] = [];
  let removed = [...before.tests];
  const added = [...after.tests];
  const take = (match: (one: TestCase, other: TestCase) => boolean) => {
    removed = removed.filter((one) => {
      const place = added.findIndex((other) => one.kind === other.kind && match(one, other));
      const [other] = place < 0 ? [] : added.splice(place, 1);
      if (other !== undefined) pairs.push({ before: one, after: other });
      return other === undefined;
    });
  };
  take((one, other) => one.title === other.title);
  take((one, other) => lastOf(one.title) === lastOf(other.title));
  take((one, other) => one.kind === "test" && squeeze(bodyOf(one)) === squeeze(bodyOf(other)));
  if (removed.length * added.length <= mostCompared ** 2)
    take((one, other) => one.kind === "test" && likeness(one, other) >= alike);
  return { pairs, removed, added };
}

function lastOf(title: string): string {
  return title.split(" > ").at(-1) ?? title;
}

/** Without its title. */
function bodyOf({ body }: TestCase): string {
  return body.slice(body.indexOf("\n") + 1);
}

const lines = new WeakMap<TestCase, ReadonlySet<string>>();

function linesOf(test: TestCase): ReadonlySet<string> {
  const known = lines.get(test);
  if (known !== undefined) return known;
  const found = new Set(
    bodyOf(test)
      .split("\n")
      .map(squeeze)
      .filter((line) => /\w{3}/.test(line)),
  );
  lines.set(test, found);
  return found;
}

function likeness(one: TestCase, other: TestCase): number {
  const [lines, others] = [linesOf(one), linesOf(other)];
  const shared = [...lines].filter((line) => others.has(line)).length;
  const smaller = Math.min(lines.size, others.size);
  return smaller === 0 ? 0 : shared / smaller;
}

function liveChecks({ checks }: TestCase): readonly Check[] {
  return checks.filter(({ never, strength }) => !never && strength > 0);
}

/** Checks of the new file that stand in another test than they did, or in a new one. */
export function arrivedChecks({ pairs, added }: Pairs): readonly Check[] {
  return [
    ...added.flatMap(liveChecks),
    ...pairs.flatMap(({ before, after }) =>
      without(liveChecks(after), liveChecks(before), ({ text }) => text),
    ),
  ];
}

/** Tests that are gone, and whose checks are nowhere else in the file. */
export function removedTests(matched: Pairs, after: TestFile): readonly Weakening[] {
  const arrived = new Set(arrivedChecks(matched).map(({ text }) => text));
  const tables = matched.added
    .concat(matched.pairs.map((pair) => pair.after))
    .filter(({ checks }) => checks.some(({ many, never }) => many && !never));
  const inTables = squeeze(tables.length === 0 ? "" : after.code);
  return matched.removed
    .filter((test) => test.kind === "test" && test.off === null && !isEmptyTest(test))
    .filter((test) => {
      // A function of the same name that no runner calls.
      if (after.tests.some(({ kind, title }) => kind === "helper" && title === lastOf(test.title)))
        return true;
      const checks = liveChecks(test);
      const moved = checks.filter(({ text }) => arrived.has(text)).length;
      return checks.length === 0 || moved < checks.length;
    })
    .filter((test) => !isInTable(test, inTables))
    .map(({ title }) => ({
      kind: "removed",
      words:
        squeeze(after.comments).includes(squeeze(lastOf(title))) && lastOf(title).length > 3
          ? `The test ${quoted(title)} is commented out.`
          : `The test ${quoted(title)} is gone.`,
    }));
}

/** A test that only holds others. */
function isEmptyTest({ checks, body }: TestCase): boolean {
  return checks.length === 0 && /^[^{:]*[{:]?\W*$/.test(body);
}

/** Whether a test became a row: all that it names stands in a file that has tests over tables. */
function isInTable(test: TestCase, code: string): boolean {
  if (code === "") return false;
  const literals = liveChecks(test).flatMap(({ text }) => text.match(/"[^"]{2,}"|\b\d[\d.]*\b/g) ?? []);
  return literals.length > 0 && literals.every((literal) => code.includes(literal));
}
