// The class of a merge by key: which kinds of change it settled, from general to fine.
import type { Change, ChangeKind, JsonFileKind } from "./merge.ts";
import { plainRange } from "./version.ts";

/** Every change raised a version; of two raised versions of one key the higher was taken. */
const BUMPS: ReadonlySet<ChangeKind> = new Set(["bumped", "restyled", "both-bumped", "both-added"]);

/** From what is riskiest to merge by rule to what is least so; the first that occurs names the class. */
const OTHERS: readonly (readonly [ChangeKind, string])[] = [
  ["removed-changed", "removed-changed"],
  ["removed-bumped", "removed-bumped"],
  ["both-sourced", "version-choice"],
  ["both-downgraded", "version-choice"],
  ["both-restyled", "version-choice"],
  ["both-bumped-across-majors", "version-choice"],
  ["both-bumped", "version-choice"],
  ["downgraded", "changed-keys"],
  ["changed", "changed-keys"],
  ["removed", "removed-keys"],
  ["added", "add-different-keys"],
  ["both-added", "version-choice"],
];

const FAMILIES: Readonly<Record<JsonFileKind, string>> = {
  "package-json": "npm",
  "package-lock": "npm",
  i18n: "json",
  json: "json",
  toml: "toml",
};

/** "version-bump/one-side-each", "npm/own-version/release", "json/add-different-keys", … */
export function classOf(changes: readonly Change[], file: JsonFileKind): string {
  const family = FAMILIES[file];
  const touched = changes.filter((change) => change.kind !== "agreed");
  if (touched.length === 0) return `${family}/same-content`;
  if (touched.some((change) => change.place === "own-version"))
    return `${family}/own-version/${ownVersion(touched)}`;
  // A version in a file that is no manifest may be of anything: an interface, a schema, a browser.
  if (family !== "json" && touched.every(isBump)) return `version-bump/${bump(touched)}`;
  const kinds = new Set(touched.map((change) => change.kind));
  const name = OTHERS.find(([kind]) => kinds.has(kind))?.[1] ?? "changed-keys";
  return `${family}/${name}/${file}`;
}

function isBump(change: Change): boolean {
  if (!BUMPS.has(change.kind)) return false;
  // A whole block that both added is no version.
  return change.place === "lock-entry" || [change.ours, change.theirs].every((item) => item?.close === null);
}

function bump(changes: readonly Change[]): string {
  const kinds = new Set(changes.map((change) => change.kind));
  if (changes.some((change) => change.place === "lock-entry")) return "lock-entry";
  if (kinds.has("both-added")) return "both-added";
  return kinds.has("both-bumped") ? "both-sides" : "one-side-each";
}

/** A package's own version is a release plan, and plans differ most where pre-releases are in play. */
function ownVersion(changes: readonly Change[]): string {
  if (changes.some((change) => change.place !== "own-version")) return "with-others";
  const values = changes.flatMap((change) => [change.base, change.ours, change.theirs]);
  const release = values.every((item) => {
    const range = item === undefined ? null : plainRange(item.head.value);
    return range !== null && range.version.prerelease.length === 0;
  });
  return release ? "release" : "pre-release";
}
