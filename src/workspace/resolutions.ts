// What became of the hunks of one merge: the merge made again in the mirror, and compared with a commit that people made.
import type { FoundResolutions, ResolutionsOptions } from "../core/workspace.ts";
import { evictMirrors, takeLease } from "./cache.ts";
import { must } from "./git.ts";
import type { Git } from "./git.ts";
import { ensureCommits } from "./mirror.ts";
import { pastIn, replayLimits } from "./mirror-past.ts";
import { checkOptions, openSession } from "./open.ts";
import type { OpenSetup } from "./open.ts";
import { replayMerges } from "./past-merges.ts";

/** Merge commits looked through. */
const maxMerges = 1_000;

/** Reads what a replay reads of one merge, within the same bounds. Throws as `openWorkspace` does. */
export async function findResolutions(
  given: OpenSetup,
  options: ResolutionsOptions,
): Promise<FoundResolutions | null> {
  const setup = { ...given, limits: replayLimits(given.limits) };
  const { cloneUrl, headSha, baseSha, tip, where } = options;
  checkOptions(options);
  checkOptions({ cloneUrl, headSha: tip, baseSha });
  const lease = await takeLease(setup.cache, cloneUrl);
  try {
    const session = await openSession(setup, options, lease);
    await ensureCommits(session.mirror, [tip]);
    const sha = where === "tip" ? tip : await newestMergeOf(session.local, options);
    if (sha === null) return null;
    const remade = replayMerges(pastIn(session), [{ sha, ours: headSha, theirs: baseSha, at: 0 }]);
    for await (const { files } of remade) return { sha, files };
    return null;
  } finally {
    await lease.release();
    await evictMirrors(setup.cache, lease.mirrorDir);
  }
}

/** The newest commit in `tip`, and not in the head, whose parents are head and base, whichever was merged into the other. */
async function newestMergeOf(
  git: Git,
  { headSha, baseSha, tip }: Pick<ResolutionsOptions, "headSha" | "baseSha" | "tip">,
): Promise<string | null> {
  const which = ["--min-parents=2", "--max-parents=2", `--max-count=${maxMerges}`, "--parents"];
  const output = await must(
    git(["rev-list", ...which, tip, `^${headSha}`, "--"]),
    "looking through the commits",
  );
  for (const line of output.toString("latin1").split("\n")) {
    const [sha, ...parents] = line.split(" ");
    if (sha !== undefined && parents.includes(headSha) && parents.includes(baseSha)) return sha;
  }
  return null;
}
