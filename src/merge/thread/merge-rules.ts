// The rules in this thread: for tests, and for a person's own files.
import type { MergeRules } from "../../core/agent.ts";
import { parseErrors } from "../check/parse-errors.ts";
import { learnMerge } from "../learn.ts";
import { startLockfile } from "../lockfiles/start/start-lockfile.ts";
import { lockfileVerdict } from "../lockfiles/verify/verdict.ts";
import { resolveChecked } from "../resolve-checked.ts";

export const mergeRules: MergeRules = {
  resolve: resolveChecked,
  parseErrors,
  learn: learnMerge,
  startLockfile: (path, sides) => Promise.resolve(startLockfile(path, sides)),
  verifyLockfile: (request) => Promise.resolve(lockfileVerdict(request)),
};
