// Rules that would write a protected path, as the files together protect it: left out, and told.
import { matchesGlob } from "../core/glob.ts";
import type { Policy } from "../core/policy.ts";
import type { PolicyProblem } from "../core/report.ts";
import { protectedFault } from "./policy-checks.ts";

interface Kept {
  readonly policy: Policy;
  readonly problems: readonly PolicyProblem[];
}

/** The policy without the rules that own a path which `protectedPaths` holds: no result of theirs would ever be taken. `at` is where the rules stand. */
export function withoutProtectedRules(policy: Policy, at: Pick<PolicyProblem, "file" | "line">): Kept {
  const faults = policy.regenerate.map(({ owns }) => {
    const found = policy.protectedPaths.find((pattern) => owns.some((path) => matchesGlob(pattern, path)));
    return found === undefined ? null : protectedFault(found);
  });
  return {
    policy: { ...policy, regenerate: policy.regenerate.filter((_, rule) => faults[rule] === null) },
    problems: faults.flatMap((message) => (message === null ? [] : [{ ...at, key: "regenerate", message }])),
  };
}
