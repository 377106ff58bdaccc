// One sentence for a person: what a merge by key did.
import type { Change, ChangeKind } from "./merge.ts";

const WORDS: readonly (readonly [readonly ChangeKind[], string])[] = [
  [
    ["both-bumped", "both-bumped-across-majors", "both-restyled", "both-downgraded"],
    "both sides set another version of",
  ],
  [["both-added"], "both sides added"],
  [["bumped", "restyled", "downgraded", "changed"], "one side changed"],
  [["added"], "one side added"],
  [["removed"], "one side removed"],
  [["agreed"], "both sides made the same change to"],
];

const SHOWN = 3;

export function explain(changes: readonly Change[]): string {
  const clauses = WORDS.flatMap(([kinds, words]) => {
    const keys = changes.filter((change) => kinds.includes(change.kind)).map((change) => change.key);
    return keys.length === 0 ? [] : [`${words} ${named(keys)}`];
  });
  const higher = changes.some((change) => change.kind.startsWith("both") && change.kind !== "both-added");
  const rule = higher ? "the higher version was taken" : "every change was kept";
  return clauses.length === 0
    ? "Merged by key: both sides hold the same keys and values."
    : `Merged by key: ${clauses.join("; ")}; ${rule}.`;
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN).map((key) => (key === "" ? "the list" : key));
  return keys.length > SHOWN ? `${shown.join(", ")} and ${keys.length - SHOWN} more` : shown.join(", ");
}
