import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Boundary } from "../../src/pipeline/services.ts";
import type { PullRef } from "../../src/core/pull.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub, RepositoryAddress } from "../support/fake-github.ts";
import { embeddedDataDir } from "../support/servers.ts";
import { supervise } from "./supervise.ts";
import type { Supervised } from "./supervise.ts";

const boundaries: readonly Boundary[] = [
  "turn-taken",
  "authorised",
  "run-begun",
  "acknowledged",
  "workspace-open",
  "verified",
  "before-publish",
  "after-publish",
  "after-comment",
  "after-check",
];

/** Each kill costs a start of the embedded store. */
const timeoutMs = 120_000;

let directory: string;
let github: FakeGitHub;
let errand: Supervised;
let planFile: string;
let app: RepositoryAddress;

const keys = (...lines: string[]): string =>
  `{\n  "a": 1,\n${lines.map((line) => `  ${line},\n`).join("")}  "z": 26\n}\n`;

beforeAll(async () => {
  directory = await embeddedDataDir();
  planFile = path.join(directory, "die-at");
  writeFileSync(planFile, "");
  github = await startFakeGitHub();
  // A bar of 0: this test is about what happens exactly once, not about what may be pushed.
  app = await github.addRepository({
    owner: "acme",
    name: "app",
    files: { "keys.json": keys(), ".github/agent.yml": "push:\n  bar: 0\n" },
  });
  github.setPermission("ann", "write", app);
  for (const boundary of boundaries)
    await github.git(app).commit(`at-${boundary}`, { "keys.json": keys('"m": 1') });
  await github.git(app).commit("on-top", { "keys.json": keys('"m": 1') });
  await github.git(app).commit("main", { "keys.json": keys('"n": 2') });
  errand = await supervise(github, directory, planFile);
}, timeoutMs);

afterAll(async () => {
  await errand.close();
  await github.close();
  await rm(directory, { recursive: true, force: true });
});

async function askAndDie(pull: PullRef, boundary: Boundary): Promise<void> {
  await errand.until(() => errand.isUp());
  writeFileSync(planFile, boundary);
  const deaths = errand.deaths();
  const { payload } = github.comment(pull, "ann", "/agent fix-conflicts");
  await github.deliver("issue_comment", payload, { to: errand.webhookUrl() });
  await errand.until(() => errand.deaths() > deaths);
}

describe("kill -9 of the worker", () => {
  it.each(boundaries)(
    "at %s leaves one commit, one comment, one check run",
    async (boundary) => {
      const branch = `at-${boundary}`;
      const git = github.git(app);
      const before = await git.log(branch);
      const pull = await github.openPull({ ...app, head: branch });
      await askAndDie(pull, boundary);
      await errand.until(() => errand.ended(pull) !== null);

      const after = await git.log(branch);
      const head = await git.head(branch);
      // The merge commit, and the base's own commit that it brings in.
      expect(after).toHaveLength(before.length + 2);
      expect(errand.ended(pull)).toMatchObject({ ending: "pushed", commitSha: head });
      expect(github.comments(pull).filter(({ user }) => user.login === github.bot.login)).toHaveLength(1);
      expect(github.checkRuns(app).filter(({ headSha }) => headSha === head)).toHaveLength(1);
      expect(github.checkRuns(app).filter(({ headSha }) => headSha === before[0]?.sha)).toHaveLength(0);
      expect(github.violations).toEqual([]);
    },
    timeoutMs,
  );

  it(
    "between push and report still finds its commit when a person has pushed on top of it",
    async () => {
      const git = github.git(app);
      const pull = await github.openPull({ ...app, head: "on-top" });
      let personsSha = "";
      const gone = github.onRequest(async ({ method, path: route }) => {
        if (method !== "PATCH" || !route.includes("/git/refs/")) return;
        gone();
        personsSha = await git.commit("on-top", { "more.txt": "a person's own\n" });
      }, "after");
      await askAndDie(pull, "after-publish");
      await errand.until(() => errand.ended(pull) !== null);

      const log = await git.log("on-top");
      const persons = log.find(({ sha }) => sha === personsSha);
      const ours = log.find(({ message }) => message.includes("Agent-Run:"));
      expect(await git.head("on-top")).toBe(personsSha);
      expect(persons?.parents).toEqual([ours?.sha]);
      expect(errand.ended(pull)).toMatchObject({ ending: "pushed", commitSha: ours?.sha });
    },
    timeoutMs,
  );
});
