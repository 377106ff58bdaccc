// One test before and after: what it no longer says.

import { quoted, squeeze, without } from "./text.ts";
import type { Check, TestCase, Weakening } from "./types.ts";

/** `elsewhere`: checks that arrived in other tests. */
export function compareTest(
  before: TestCase,
  after: TestCase,
  elsewhere: readonly Check[],
): readonly Weakening[] {
  const where =
    before.kind === "test"
      ? `the test ${quoted(after.title)}`
      : before.kind === "helper"
        ? `the helper ${quoted(after.title)}`
        : "the file";
  if (before.off !== null) return [];
  if (after.off !== null)
    return [{ kind: "skipped", words: `${capital(where)} no longer runs (${quoted(after.off)}).` }];
  const found = [...ofChecks(before, after, elsewhere), ...ofFrame(before, after)];
  return found.map(({ kind, words }) => ({ kind, words: `In ${where} ${words}.` }));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

type Found = Weakening;

/** What is said of a test beside its checks. */
function ofFrame(before: TestCase, after: TestCase): readonly Found[] {
  const found: Found[] = [];
  if (before.plan !== null && (after.plan ?? 0) < before.plan)
    found.push({
      kind: "plan",
      words: `${before.plan} assertions were announced, and ${after.plan ?? "none"} are now`,
    });
  if (before.rows !== null && after.rows !== null && after.rows.length < before.rows.length)
    found.push({
      kind: "rows",
      words: `the table has ${after.rows.length} rows instead of ${before.rows.length}`,
    });
  if (after.retries > before.retries)
    found.push({ kind: "retries", words: "a failure is tried again more often" });
  if (
    before.kind === "test" &&
    after.silenced > before.silenced &&
    after.checks.length <= before.checks.length
  )
    found.push({ kind: "silenced", words: "the type checker is silenced" });
  return found;
}

interface Change {
  readonly before: Check;
  readonly after: Check;
}

function ofChecks(before: TestCase, after: TestCase, elsewhere: readonly Check[]): readonly Found[] {
  const [old, now] = [before.checks.filter((check) => !check.never && check.strength > 0), after.checks];
  const same = pairBy(old, now, ({ text }) => text);
  const bySubject = pairBy(same.left, same.right, ({ subject }) => withoutCasts(subject));
  const changes = [...same.pairs, ...bySubject.pairs];
  const lost = bySubject.left;
  const gained = bySubject.right.filter(({ never, strength }) => !never && strength > 0);
  // One branch of a test that grew another has checks of its own.
  const found = changes.flatMap(ofChange).filter(({ kind }) => kind !== "condition" || gained.length === 0);
  return [
    ...distinct(found),
    ...ofLost(
      lost.filter((check) => !wentWithItsCall(check, before, after)),
      gained,
      elsewhere,
    ),
    ...ofStrange(lost, bySubject.right),
  ];
}

function pairBy(
  old: readonly Check[],
  now: readonly Check[],
  key: (check: Check) => string,
): { pairs: Change[]; left: readonly Check[]; right: readonly Check[] } {
  const waiting = new Map<string, { readonly heard: Check[]; readonly others: Check[] }>();
  for (const check of now.toReversed()) {
    const same = waiting.get(key(check)) ?? { heard: [], others: [] };
    waiting.set(key(check), same);
    (check.never || check.swallowed ? same.others : same.heard).push(check);
  }
  const pairs: Change[] = [];
  const taken = new Set<Check>();
  const left = old.filter((before) => {
    // One that runs, where there are two; else the first.
    const same = waiting.get(key(before));
    const after = same?.heard.pop() ?? same?.others.pop();
    if (after === undefined) return true;
    taken.add(after);
    pairs.push({ before, after });
    return false;
  });
  return { pairs, left, right: now.filter((check) => !taken.has(check)) };
}

function withoutCasts(code: string): string {
  return code.replaceAll(/asany|asunknown|as[A-Z]\w*/g, "").replaceAll(/[()]/g, "");
}

function ofChange(change: Change): readonly Found[] {
  const found = ofFrameAround(change) ?? ofValue(change);
  return found === null ? [] : [{ ...found, words: `${shown(change.before)} ${found.words}` }];
}

/** Whether it still runs, and is heard. */
function ofFrameAround({ before, after }: Change): Found | null {
  if (after.never) return { kind: "assertions", words: "can no longer be reached" };
  if (after.swallowed && !before.swallowed)
    return { kind: "swallowed", words: "may fail and nobody hears of it" };
  const gated = after.condition !== null && before.condition === null && after.text === before.text;
  return gated ? { kind: "condition", words: "now hangs on a condition" } : null;
}

function ofValue({ before, after }: Change): Found | null {
  if (after.strength === 0 || isCircular(after))
    return isCircular(before) ? null : { kind: "circular", words: "is compared with itself" };
  if (isWeaker(before, after)) return { kind: "weaker", words: `became ${shown(after)}, which says less` };
  if (isLooser(before, after)) return { kind: "tolerance", words: "lets more pass" };
  return isCast(before.text, after.text) ? { kind: "silenced", words: "is cast to any" } : null;
}

/** Of an exact comparison, any tolerance worth the name is more. */
function isLooser(before: Check, after: Check): boolean {
  if (after.tolerance === null) return false;
  if (before.tolerance !== null) return after.tolerance > before.tolerance * 1.000_001;
  return before.strength === 3 && after.tolerance > 1e-6;
}

function isCast(before: string, after: string): boolean {
  return !before.includes("asany") && after.includes("asany") && withoutCasts(before) === withoutCasts(after);
}

/** One step down the scale is often another way to say it; from a value, or a part, to "something" is not. */
function isWeaker(before: Check, after: Check): boolean {
  return (
    after.strength < before.strength &&
    (after.strength === 1 || before.matcher === after.matcher || bounds.test(after.matcher))
  );
}

/** Matchers that take all values on one side. */
const bounds = /greater|less|above|below|^[gl]te?$|at(?:Least|Most)/i;

function isCircular({ subject, expected }: Check): boolean {
  return expected !== null && expected === subject && /[\w)]/.test(subject);
}

/** That a call ends without an error is no longer asked where the call itself is gone. */
function wentWithItsCall({ matcher, subject }: Check, before: TestCase, after: TestCase): boolean {
  if (!/^(?:NoError|Ok|Nil|fail-if|assert_ok)f?$/.test(matcher)) return false;
  if (!/^err(?:!=nil)?$/.test(subject))
    return subject.includes("(") && !squeeze(after.body).includes(subject.replace(/!=nil$/, ""));
  const given = /\berr\s*:?=(?!=)/g;
  return (after.body.match(given) ?? []).length < (before.body.match(given) ?? []).length;
}

const presence =
  /\.not\.(?:toBeNull\(|toBeUndefined\(|to(?:Be|Equal|StrictEqual)\((?:null|undefined)\))|\.toBeDefined\(|\.to\.exist\b/;

function ofLost(
  lost: readonly Check[],
  gained: readonly Check[],
  elsewhere: readonly Check[],
): readonly Found[] {
  if (lost.length === 0) return [];
  const moved = new Set(elsewhere.map(({ text }) => text));
  const gone = lost.filter(({ text }) => !moved.has(text));
  if (gone.length === 0 || gained.some(({ many }) => many)) return [];
  // That a value is there at all is said by any other check of it.
  const weighty = gained.length === 0 ? gone : gone.filter(({ text }) => !presence.test(text));
  if (weighty.length === 0) return [];
  const sound = gained.filter((check) => !check.swallowed && !isCircular(check));
  if (weighty.length > sound.length)
    return [
      {
        kind: "assertions",
        words: `${sound.length === 0 ? "" : `${weighty.length - sound.length} of `}${listed(weighty)} ${weighty.length === 1 ? "is" : "are"} gone`,
      },
    ];
  // `some`: a file may hold more checks than a call takes arguments.
  return weighty.some(({ strength }) => strength > 1) && !sound.some(({ strength }) => strength > 1)
    ? [{ kind: "weaker", words: `${listed(weighty)} became ${listed(sound)}, which says less` }]
    : [];
}

/** New checks that say nothing, in the place of others. */
function ofStrange(lost: readonly Check[], gained: readonly Check[]): readonly Found[] {
  const circular = gained.filter(isCircular);
  return lost.length > 0 && circular.length > 0
    ? [{ kind: "circular", words: `${listed(circular)} compares a value with itself` }]
    : [];
}

function listed(checks: readonly Check[]): string {
  const [first] = checks;
  const words = first === undefined ? "nothing" : shown(first);
  return checks.length > 1 ? `${words} and ${checks.length - 1} more` : words;
}

function shown({ text }: Check): string {
  return quoted(text);
}

function distinct(found: readonly Found[]): readonly Found[] {
  return found.length === 0 ? [] : without(found, [], ({ words }) => words).slice(0, 20);
}
