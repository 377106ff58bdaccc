// One sentence for a person: what a merge by key did.
import type { Change, ChangeKind } from "./merge.ts";

const WORDS: readonly (readonly [readonly ChangeKind[], string])[] = [
  [
    ["both-bumped", "both-bumped-across-majors", "both-restyled", "both-downgraded", "both-sourced"],
    "both sides set another version of",
  ],
  [["both-added"], "both sides added"],
  [["bumped", "restyled", "downgraded", "changed"], "one side changed"],
  [["added"], "one side added"],
  [["removed"], "one side removed"],
  [["removed-bumped", "removed-changed"], "one side removed, the other changed"],
  [["agreed"], "both sides made the same change to"],
];

/** What was done where the sides wanted different things. */
const RULES: readonly (readonly [readonly ChangeKind[], string])[] = [
  [
    ["both-bumped", "both-bumped-across-majors", "both-downgraded", "both-restyled"],
    "the higher version was taken",
  ],
  [["both-sourced"], "the dependency that comes from another place was taken"],
  [["removed-bumped", "removed-changed"], "what was removed stays away"],
];

const SHOWN = 3;

export function explain(changes: readonly Pick<Change, "kind" | "key">[]): string {
  const clauses = WORDS.flatMap(([kinds, words]) => {
    const keys = changes.filter((change) => kinds.includes(change.kind)).map((change) => change.key);
    return keys.length === 0 ? [] : [`${words} ${named(keys)}`];
  });
  const rules = RULES.flatMap(([kinds, rule]) =>
    changes.some((change) => kinds.includes(change.kind)) ? [rule] : [],
  );
  return clauses.length === 0
    ? "Merged by key: both sides hold the same keys and values."
    : `Merged by key: ${[...clauses, ...(rules.length === 0 ? ["every change was kept"] : rules)].join("; ")}.`;
}

function named(keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN).map((key) => (key === "" ? "the list" : key));
  return keys.length > SHOWN ? `${shown.join(", ")} and ${keys.length - SHOWN} more` : shown.join(", ");
}
