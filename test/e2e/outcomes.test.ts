// What became of models' answers, from the answer to the branch, the checks, the merge and the revert: real git, and GitHub over HTTP.
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { PullRef } from "../../src/core/pull.ts";
import type { GitFixture, RepositoryAddress } from "../support/fake-github.ts";
import { answer, model, startAnsweringWorker } from "./answering-worker.ts";
import type { AnsweringWorker } from "./answering-worker.ts";

let worker: AnsweringWorker;
beforeAll(async () => {
  worker = await startAnsweringWorker();
}, 120_000);
afterAll(async () => {
  expect(worker.github.violations).toEqual([]);
  await worker.close();
});

const file = (line: string) => ({ "price.js": `// prices\n${line}` });
const hunk = { kind: "hunk" as const, base: "one\n", ours: "two\n", theirs: "three\n" };

interface Scene {
  readonly pull: PullRef;
  readonly address: RepositoryAddress;
  readonly git: GitFixture;
  /** Where the two branches part. */
  readonly baseSha: string;
}

/** A pull request in conflict, in a repository of its own. */
async function openConflict(name: string): Promise<Scene> {
  const { github } = worker;
  const files = { ...file(hunk.base), ".github/agent.yml": "ledger: {contents: true}\n" };
  const address = await github.addRepository({ owner: `org-${name}`, name: "shop", files });
  github.setPermission("ann", "write", address);
  const git = github.git(address);
  const baseSha = await git.sha("main");
  await git.commit("topic", file(hunk.ours));
  const pull = await github.openPull({ ...address, head: "topic" });
  await git.commit("main", file(hunk.theirs));
  return { pull, address, git, baseSha };
}

const changed = (pull: PullRef, action: "synchronize" | "closed") =>
  worker.deliver(`pull_request.${action}`, worker.github.events.pull(pull, action, { sender: "ann" }));

const outcomeOf = async (pull: PullRef) => (await worker.outcomes(pull)).map(([outcome]) => outcome);

it("labels an applied answer accepted, then ci-red, then reverted with the merge of its pull request", async () => {
  const { pull, address, git } = await openConflict("applied");
  await worker.say(pull, "/agent fix-conflicts");
  expect(await outcomeOf(pull)).toEqual([null]);
  await worker.say(pull, "/agent apply");
  const pushed = await git.sha("topic");
  expect(await git.read("topic", "price.js")).toBe(file(answer(hunk))["price.js"]);
  expect(await outcomeOf(pull)).toEqual(["accepted"]);
  const counted = (right: number) => ({ pick: { "scripted:test/code": { n: 1, right } } });
  expect(await worker.store.outcomeCounts(address)).toEqual(counted(1));

  worker.github.addCiRun(address, { name: "tests", sha: pushed, conclusion: "failure" });
  const ended = worker.github.events.checkSuite(address, { sha: pushed, branch: "topic" });
  await worker.deliver("check_suite.completed", ended);
  expect(await outcomeOf(pull)).toEqual(["ci-red"]);
  await git.commit("topic", { "more.txt": "more\n" });
  await changed(pull, "synchronize");
  expect(await outcomeOf(pull)).toEqual(["ci-red"]);
  expect(await worker.store.outcomeCounts(address)).toEqual(counted(0));

  await worker.github.closePull(pull, { merged: true });
  await changed(pull, "closed");
  expect(await outcomeOf(pull)).toEqual(["ci-red"]);
  const before = await git.sha("main");
  const message = `Revert "topic"\n\nThis reverts commit ${before}, reversing\nchanges made to ${pushed}.\n`;
  const after = await git.commit("main", file(hunk.theirs), message);
  await worker.deliver(
    "push",
    await worker.github.events.push(address, { branch: "main", before, after }, "ann"),
  );
  expect(await outcomeOf(pull)).toEqual(["reverted"]);
  expect(worker.warnings).toEqual([]);
}, 120_000);

it("labels an answer edited where a person merged otherwise: their hunk is the target, and the class loses by it", async () => {
  const { pull, address, git, baseSha } = await openConflict("edited");
  await worker.say(pull, "/agent fix-conflicts");
  await git.commit("topic", file("two(three)\n"), "Merge main", { parents: ["topic", "main"] });
  await git.commit("topic", { "more.txt": "more\n" });
  await changed(pull, "synchronize");
  expect(await worker.outcomes(pull)).toEqual([["edited", "two(three)\n"]]);

  // What another push, and the end, say of the same is no news.
  await git.commit("topic", { "more.txt": "and more\n" });
  await changed(pull, "synchronize");
  await worker.github.closePull(pull, { merged: true });
  await changed(pull, "closed");
  expect(await worker.outcomes(pull)).toEqual([["edited", "two(three)\n"]]);

  await git.commit("topic-2", file("four\n"), "another", { parents: [baseSha] });
  const next = await worker.github.openPull({ ...address, head: "topic-2" });
  await worker.say(next, "/agent fix-conflicts");
  expect(worker.counts.at(-1)).toEqual({ pick: { [`${model}/code`]: { n: 1, right: 0 } } });
  expect(worker.warnings).toEqual([]);
}, 120_000);

it("labels an answer by what stands in the base in the end, where nobody merged the two as they were", async () => {
  const { pull, git } = await openConflict("squashed");
  await worker.say(pull, "/agent fix-conflicts");
  // The base has moved on before the person merges it.
  await git.commit("main", { "other.txt": "other\n" });
  await git.commit("topic", file(answer(hunk).replace(" //", "   //")), "Merge", {
    parents: ["topic", "main"],
  });
  await changed(pull, "synchronize");
  expect(await outcomeOf(pull)).toEqual([null]);
  await worker.github.closePull(pull, { merged: true });
  await changed(pull, "closed");
  expect(await outcomeOf(pull)).toEqual(["accepted"]);
  expect(worker.warnings).toEqual([]);
}, 120_000);

it("asks nothing of GitHub for a pull request in which no model was asked", async () => {
  const { pull, git } = await openConflict("rules");
  worker.asks = false;
  await worker.say(pull, "/agent fix-conflicts");
  await worker.say(pull, "/agent apply");
  await git.commit("topic", { "more.txt": "more\n" });
  const before = worker.github.requests.length;
  await changed(pull, "synchronize");
  await worker.github.closePull(pull, { merged: true });
  await changed(pull, "closed");
  worker.asks = true;
  expect(worker.github.requests.slice(before)).toEqual([]);
  expect(await worker.outcomes(pull)).toEqual([]);
}, 120_000);
