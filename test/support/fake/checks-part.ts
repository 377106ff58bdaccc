// The test's hand on other Apps' checks: what `FakeGitHub` offers of ci.ts.
import { finishCheck, followPushes, makeCheck } from "./ci.ts";
import type { CheckFixture, CheckMade, CiWord, DecideCi } from "./ci.ts";
import { findPull, type PullAddress, type RepositoryAddress } from "./events.ts";
import { statusPayload } from "./payloads.ts";
import type { JsonObject } from "./render.ts";
import { addCheckRun } from "./routes/checks.ts";
import {
  newId,
  repositoryOf,
  timestamp,
  userOf,
  type CheckRunState,
  type Repository,
  type Rerun,
  type State,
  type StatusState,
} from "./state.ts";
import { OTHER_CI, suiteOf } from "./suites.ts";

interface StatusFixture {
  readonly sha: string;
  readonly context: string;
  readonly state: StatusState["state"];
  readonly description?: string;
  readonly url?: string;
}

export interface ChecksPart {
  /** Check runs of a repository, oldest first. */
  readonly checkRuns: (address: RepositoryAddress) => readonly CheckRunState[];
  /** A finished check of another App, such as CI. Returns its id. */
  readonly addCiRun: (
    address: RepositoryAddress,
    run: { readonly name: string; readonly sha: string; readonly conclusion: string },
  ) => number;
  /** A check of another App on a pull request's head, failed unless its conclusion says otherwise. */
  readonly failCheck: (pull: PullAddress, check: CheckFixture) => CheckMade;
  /** Ends a check run that still runs. */
  readonly finishCheck: (checkRunId: number, word: CiWord) => CheckMade;
  /** From now on each push gets a check of GitHub Actions that runs until `decide` has spoken, and its events; `null` stops it. */
  readonly ciFollowsPushes: (address: RepositoryAddress, decide: DecideCi | null, name?: string) => void;
  /** A commit status, as older CI writes it; of one context on one commit the last counts. Returns what GitHub delivers. */
  readonly setStatus: (address: RepositoryAddress, status: StatusFixture) => Promise<JsonObject>;
  /** Jobs that were started again, oldest first. */
  readonly reruns: readonly Rerun[];
}

export function checksPart(state: State): ChecksPart {
  const find = ({ owner, repo }: RepositoryAddress): Repository => repositoryOf(state, owner, repo);
  return {
    reruns: state.reruns,
    checkRuns: (address) =>
      [...state.checkRuns.values()].filter((check) => check.repository === find(address)),
    addCiRun: (address, { name, sha, conclusion }) => {
      const repository = find(address);
      const suite = suiteOf(state, OTHER_CI, { repository, sha });
      return addCheckRun(state, repository, { suite, job: null }, { name, head_sha: sha, conclusion }).id;
    },
    failCheck: (address, check) => {
      const { repository, pull } = findPull(state, address);
      return makeCheck(state, { repository, sha: check.sha ?? pull.headSha, branch: pull.headRef }, check);
    },
    finishCheck: (id, word) => {
      const check = state.checkRuns.get(id);
      if (check === undefined) throw new Error(`The fake GitHub has no check run ${id}.`);
      return finishCheck(state, check, word);
    },
    setStatus: (address, { sha, context, state: word, description = null, url = null }) => {
      const status = {
        ...{ id: newId(state), repository: find(address), sha, context, state: word },
        ...{ description, targetUrl: url, createdAt: timestamp() },
      };
      state.statuses.push(status);
      return statusPayload(state, status, userOf(state, "author"));
    },
    ciFollowsPushes: (address, decide, name = "ci") => {
      if (decide === null) state.ci.delete(find(address));
      else followPushes(state, find(address), name, decide);
    },
  };
}
