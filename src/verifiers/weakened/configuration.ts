// What decides which tests run, and when they count as failed: scripts of package.json, settings of runners.
import { quoted, squeeze, without } from "./text.ts";
import type { Weakening } from "./types.ts";

/** Settings of which more entries mean fewer tests. */
const narrowing =
  /["']?\b(testPathIgnorePatterns|modulePathIgnorePatterns|exclude|ignore|ignores|collect_ignore|collect_ignore_glob|norecursedirs|testNamePattern|grep|invert|deselect)\b["']?\s*[:=]\s*(\[[^\]]*\]|["'`][^"'`\n]*["'`]|[^\n,}]+)/g;
/** Settings of which fewer entries mean fewer tests. */
const widening =
  /["']?\b(testMatch|testRegex|include|testpaths|roots|spec|files|python_files|python_functions|python_classes|projects|testDir)\b["']?\s*[:=]\s*(\[[^\]]*\]|["'`][^"'`\n]*["'`]|[^\n,}]+)/g;
const raised = /["']?\b(retry|retries|testTimeout|timeout|reruns)\b["']?\s*[:=]\s*([\d_]+)/g;
const lowered =
  /["']?\b(branches|functions|lines|statements|fail_under|check-coverage|maxWorkersFailing)\b["']?\s*[:=]\s*([\d.]+)/g;
const flags =
  /--passWithNoTests|passWithNoTests["']?\s*[:=]\s*true|\|\|\s*(?:true|:|exit 0|echo)|;\s*(?:true|exit 0)\b|--forbid-(?:only|pending)=false|--(?:ignore|deselect|exclude|testPathIgnorePatterns|reruns|retry)[= ]|\s-k\s|--testNamePattern|\s-t\s|--grep|-p no:|continue-on-error|exit 0/g;

/** Compares two versions of a file that `decidesTests` (core/test-paths.ts) names. */
export function compareConfiguration(
  path: string,
  before: string | null,
  after: string | null,
): readonly Weakening[] {
  if (before === null) return [];
  if (after === null) return [weakening(`${quoted(path)} is gone`)];
  const [one, other] = [relevant(path, before), relevant(path, after)];
  return [
    ...settings(other, narrowing).flatMap(({ name, items }) => {
      const more = without(items, itemsOf(one, narrowing, name), (item) => item);
      return more.length === 0
        ? []
        : [weakening(`${quoted(name)} leaves out more: ${quoted(more.join(" "))}`)];
    }),
    ...settings(one, widening).flatMap(({ name, items }) => {
      const fewer = without(items, itemsOf(other, widening, name), (item) => item);
      return fewer.length === 0
        ? []
        : [weakening(`${quoted(name)} takes in less: ${quoted(fewer.join(" "))}`)];
    }),
    ...numbers(numbersOf(one, raised), numbersOf(other, raised), "higher"),
    ...numbers(numbersOf(one, lowered), numbersOf(other, lowered), "lower"),
    ...without(matches(other, flags), matches(one, flags), squeeze).map((flag) =>
      weakening(`a command says ${quoted(flag)} now`),
    ),
    ...ofScripts(path, before, after),
  ];
}

function weakening(words: string): Weakening {
  return { kind: "configuration", words: `${words.charAt(0).toUpperCase()}${words.slice(1)}.` };
}

/** Of a manifest, what is about tests: its scripts and the runners' own keys. */
function relevant(path: string, text: string): string {
  if (!/(?:^|\/)package\.json$/.test(path)) return text.replaceAll(/^\s*(?:\/\/|#).*$/gm, "");
  const manifest = parsed(text);
  const parts = ["jest", "vitest", "mocha", "ava", "tap", "nyc", "c8"].map((name) => manifest[name]);
  const scripts = Object.entries(scriptsOf(manifest)).filter(([name]) => name.includes("test"));
  return JSON.stringify([parts, Object.fromEntries(scripts)]).replaceAll('\\"', "'");
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function scriptsOf(manifest: Record<string, unknown>): Record<string, string> {
  const { scripts } = manifest;
  if (!isRecord(scripts)) return {};
  return Object.fromEntries(
    Object.entries(scripts).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

const runners =
  /\b(?:jest|vitest|mocha|ava|tap|tape|node|pytest|go test|cargo|npm|pnpm|yarn|bun|deno|c8|nyc|tsx|turbo|nx|lerna|wireit|playwright|cypress|karma|uvu|qunit)\b/;

/** A test script that no longer runs anything. */
function ofScripts(path: string, before: string, after: string): readonly Weakening[] {
  if (!/(?:^|\/)package\.json$/.test(path)) return [];
  const [one, other] = [scriptsOf(parsed(before)), scriptsOf(parsed(after))];
  return Object.entries(one)
    .filter(
      ([name, line]) =>
        /^(?:pre|post)?test(?::|$)/.test(name) && runners.test(line) && !runners.test(other[name] ?? ""),
    )
    .map(([name]) => weakening(`the script ${quoted(name)} runs no tests any more`));
}

interface Setting {
  readonly name: string;
  readonly items: readonly string[];
}

function settings(text: string, pattern: RegExp): readonly Setting[] {
  return [...text.matchAll(pattern)].map(([, name = "", value = ""]) => ({ name, items: itemsIn(value) }));
}

function itemsIn(value: string): readonly string[] {
  return (value.match(/["'`][^"'`\n]*["'`]/g) ?? value.split(/\s+/))
    .map(squeeze)
    .filter((item) => item !== "" && item !== "[]");
}

function itemsOf(text: string, pattern: RegExp, name: string): readonly string[] {
  return settings(text, pattern)
    .filter((setting) => setting.name === name)
    .flatMap(({ items }) => items);
}

function numbers(
  was: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
  worse: "higher" | "lower",
): readonly Weakening[] {
  return (
    [...new Set([...was.keys(), ...now.keys()])]
      // A bound that is gone holds nothing; a limit that was not there was the runner's own.
      .filter((name) => {
        const more = (now.get(name) ?? 0) - (was.get(name) ?? 0);
        return worse === "higher" ? more > 0 : more < 0;
      })
      .map((name) => weakening(`${quoted(name)} is ${worse}`))
  );
}

function numbersOf(text: string, pattern: RegExp): ReadonlyMap<string, number> {
  return new Map(
    [...text.matchAll(pattern)].map(([, name = "", number = ""]) => [
      name,
      Number(number.replaceAll("_", "")),
    ]),
  );
}

function matches(text: string, pattern: RegExp): readonly string[] {
  return text.match(pattern) ?? [];
}
