// What a run says against what is there: nothing may be pushed that its report does not claim, and nothing claimed that is not there.
import { z } from "zod";
import { pullKey } from "../../src/core/pull.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { Ending } from "../../src/core/report.ts";
import type { World } from "../../test/e2e/harness.ts";
import type { GitFixture, RepositoryAddress } from "../../test/support/fake-github.ts";
import { tryGit } from "../../test/support/fake/git.ts";

export const RunLine = z.object({
  runId: z.string(),
  ending: Ending,
  headSha: z.string().nullable(),
  baseSha: z.string().nullable(),
  tree: z.string().nullable(),
  commitSha: z.string().nullable(),
  ms: z.number(),
  hunks: z.array(z.object({ path: z.string(), tier: z.string(), class: z.string(), settled: z.boolean() })),
});
/** What the log says of a run that ended. */
export type RunLine = z.infer<typeof RunLine>;

export interface Replayed {
  readonly app: RepositoryAddress;
  readonly pull: PullRef;
  readonly path: string;
  readonly headSha: string;
  readonly baseSha: string;
}

interface Claim {
  readonly holds: boolean;
  readonly otherwise: string;
}

const broken = (claims: readonly Claim[]): string[] =>
  claims.filter(({ holds }) => !holds).map(({ otherwise }) => otherwise);

/** What the renderer puts above a report of a push, and nowhere else. */
const pushedHeading = "### Conflicts resolved and pushed";

/** Comment and check run: one of each; the comment names the commit and the check says "success" only when there is one. */
export function checkTold({ github }: World, { app, pull, headSha }: Replayed, run: RunLine): string[] {
  const own = github.comments(pull).filter(({ user }) => user.login === github.bot.login);
  const checks = github.checkRuns(app);
  const [check] = checks;
  const done = run.ending === "pushed" || run.ending === "nothing";
  return broken([
    { holds: own.length === 1, otherwise: `${own.length} comments of the app on ${pullKey(pull)}` },
    { holds: checks.length === 1, otherwise: `${checks.length} check runs on ${pullKey(pull)}` },
    {
      holds: own[0]?.body.includes(pushedHeading) === (run.ending === "pushed"),
      otherwise: `the comment says otherwise than that the run ended ${run.ending}`,
    },
    {
      holds: run.commitSha === null || own[0]?.body.includes(run.commitSha) === true,
      otherwise: "the comment does not name the commit",
    },
    {
      holds: check?.headSha === (run.commitSha ?? headSha),
      otherwise: "the check run stands on another commit",
    },
    {
      holds: (check?.conclusion === "success") === done,
      otherwise: `the check run says ${check?.conclusion ?? "nothing"} of a run that ended ${run.ending}`,
    },
  ]);
}

/** The branch is where it was. */
export async function checkUnpushed({ github }: World, { app, headSha }: Replayed): Promise<string[]> {
  const tip = await github.git(app).head("feature");
  return broken([
    { holds: tip === headSha, otherwise: "the branch moved although nothing was to be pushed" },
  ]);
}

/** The branch has the one commit that the run names: both parents, the verified tree, and only conflicted paths unlike git's own merge. */
export async function checkPushed({ github }: World, replayed: Replayed, run: RunLine): Promise<string[]> {
  const { app, headSha, baseSha, path } = replayed;
  const git = github.git(app);
  const [commit] = await git.log("feature", 1);
  const own = await gitsMerge(git, replayed);
  const changed = commit ? await pathsBetween(git, own.tree, commit.tree) : [];
  return broken([
    {
      holds: commit?.sha === run.commitSha,
      otherwise: "the branch's tip is not the commit that was reported",
    },
    {
      holds: commit?.parents.join() === `${headSha},${baseSha}`,
      otherwise: "the commit's parents are not head and base",
    },
    { holds: commit?.tree === run.tree, otherwise: "the tree pushed is not the tree that was reported" },
    {
      holds: changed.every((name) => own.conflicted.includes(name)),
      otherwise: "paths changed that git had merged by itself",
    },
    {
      holds: run.hunks.length > 0 && run.hunks.every((hunk) => hunk.settled && hunk.path === path),
      otherwise: "pushed with hunks that the report does not call settled",
    },
    { holds: await hasNoNewMarkers(git, replayed), otherwise: "the file pushed has conflict markers" },
  ]);
}

/** Git's own merge in the bare repository, by the same command as anybody's. */
async function gitsMerge(
  git: GitFixture,
  { headSha, baseSha }: Replayed,
): Promise<{ tree: string; conflicted: readonly string[] }> {
  const args = ["merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", headSha, baseSha];
  const { stdout } = await tryGit(git.gitDir, args);
  const [tree = "", ...conflicted] = stdout.toString("utf8").split("\0");
  return { tree, conflicted: conflicted.filter((name) => name !== "") };
}

async function pathsBetween(git: GitFixture, one: string, other: string): Promise<string[]> {
  const output = await git.run("diff-tree", "-r", "-z", "--name-only", one, other);
  return output.split("\0").filter((name) => name !== "");
}

/** A line that looks like a marker may stand in a file that had it before. */
async function hasNoNewMarkers(git: GitFixture, { path, headSha, baseSha }: Replayed): Promise<boolean> {
  const markersAt = async (at: string): Promise<string[]> => {
    const lines = ((await git.read(at, path)) ?? "").split("\n");
    return lines.filter((line) => /^(?:<{7}|>{7}|\|{7}|={7})(?:\s|$)/.test(line));
  };
  const known = new Set([...(await markersAt(headSha)), ...(await markersAt(baseSha))]);
  return (await markersAt("feature")).every((line) => known.has(line));
}
