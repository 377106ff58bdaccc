// All that is said of a lockfile that a tool has written.
import type { LockfileRequest, LockfileVerdict } from "../../../core/lockfile.ts";
import { loweredVersions } from "./lowered.ts";
import { verifyLockfile } from "./verify-lockfile.ts";

/** Total. May take seconds for a hostile text: it is for a thread of its own. */
export function lockfileVerdict({ path, text, manifests, sides }: LockfileRequest): LockfileVerdict {
  const verified = verifyLockfile(path, text, { manifests, parents: [sides.ours, sides.theirs] });
  return { ...verified, lowered: verified.ok ? loweredVersions(path, text, sides) : [] };
}
