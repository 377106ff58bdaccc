// From a verified tree to a merge commit on the branch, over real HTTP and with a real workspace: all or nothing, never by force.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import type { PublishRequest } from "../../src/core/github.ts";
import type { Workspace } from "../../src/core/workspace.ts";
import { createWorkspaces } from "../../src/workspace/index.ts";
import type { FaultOptions } from "../support/fake/faults.ts";
import {
  addressOf,
  openFaults,
  asked,
  gitHubOn,
  openScene,
  recordingLog,
  startFakeGitHub,
} from "./harness.ts";
import type { FakeGitHub, Scene } from "./harness.ts";

let fake: FakeGitHub;
let faults: ReturnType<typeof openFaults>;
let cacheDir: string;
let shared: Ready | null = null;
const opened: Workspace[] = [];

beforeAll(async () => {
  fake = await startFakeGitHub();
  faults = openFaults(fake);
  cacheDir = await mkdtemp(join(tmpdir(), "publish-"));
});
afterEach(() => {
  faults.clear();
  expect(fake.violations).toEqual([]);
  if (shared) fake.setInstallationPermissions("acme", fake.app.permissions);
});
afterAll(async () => {
  for (const workspace of opened) await workspace.dispose();
  await fake.close();
  await rm(cacheDir, { recursive: true, force: true });
});

const message = "Merge branch 'main' into topic\n\nAgent-Run: 0123456789abcdef\n";
const resolved = "merged by both\n";

interface Ready extends Scene {
  readonly request: PublishRequest;
  readonly workspace: Workspace;
  readonly headSha: string;
  readonly baseSha: string;
}

/** Both sides change `both.txt`; the workspace holds the resolution, kept and ready to be published. */
async function ready(scene?: Parameters<typeof openScene>[1]): Promise<Ready> {
  const made = await openScene(fake, {
    files: { "both.txt": "base\n", "same.txt": "same\n", ...scene?.["files"] },
    ours: { "both.txt": "ours\n", ...scene?.["ours"] },
    theirs: { "both.txt": "theirs\n", ...scene?.["theirs"] },
  });
  return resolve(made);
}

/** The plain case, with the branch as it was read and a client that holds no token yet: one repository for most tests. */
async function plain(): Promise<Ready> {
  shared ??= await ready();
  await shared.git.branch("topic", shared.headSha);
  fake.protect(shared.repository, "topic", null);
  return { ...shared, github: gitHubOn(fake, shared.pull.installationId) };
}

async function resolve(scene: Scene): Promise<Ready> {
  const { github } = scene;
  const details = await github.pull(scene.pull);
  if (!details?.head) throw new Error("no pull request");
  const workspaces = createWorkspaces({ cacheDir, maxCacheBytes: 1e9, log: recordingLog() });
  const signal = AbortSignal.timeout(60_000);
  const workspace = await workspaces.open({
    cloneUrl: details.cloneUrl,
    token: await github.readToken(scene.pull),
    headSha: details.head.sha,
    baseSha: details.base.sha,
    signal,
  });
  opened.push(workspace);
  await workspace.write("both.txt", { mode: "100644", bytes: Buffer.from(resolved) });
  workspace.keep();
  const tree = await workspace.tree();
  if (tree === null) throw new Error("still conflicted");
  const request = { pull: details, workspace, tree, message, signal };
  return { ...scene, request, workspace, headSha: details.head.sha, baseSha: details.base.sha };
}

/** The branch is as it was read: nothing was pushed. */
async function expectUntouched({ git, headSha }: Ready): Promise<void> {
  expect(await git.head("topic")).toBe(headSha);
}

const route = ({ repository }: Ready, rest: string) => `/repos/acme/${repository.repo}/git/${rest}`;

describe("publish", () => {
  it("pushes one signed two-parent merge commit with the very tree that was verified", async () => {
    const scene = await plain();
    const from = fake.requests.length;
    const result = await scene.github.publish(scene.request);
    expect(result).toEqual({ status: "pushed", sha: await scene.git.head("topic"), signed: true });
    const [commit] = await scene.git.log("topic", 1);
    expect(commit).toMatchObject({
      tree: scene.request.tree,
      parents: [scene.headSha, scene.baseSha],
      author: { name: fake.bot.login },
    });
    expect(commit?.message.trim()).toBe(message.trim());
    expect(await scene.git.read("topic", "both.txt")).toBe(resolved);
    expect(await scene.git.read("topic", "main.txt")).toBe("main\n");

    const writes = fake.requests.slice(from).filter(({ method }) => method === "POST" || method === "PATCH");
    const commits = writes.filter(({ path }) => path.endsWith("/git/commits"));
    expect(Object.keys(commits[0]?.body as object)).toEqual(["message", "tree", "parents"]);
    const patch = writes.find(({ method }) => method === "PATCH");
    expect(patch?.body).toEqual({ sha: await scene.git.head("topic"), force: false });
  });

  it("uploads what neither parent has, and starts from the parent that differs less", async () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`theirs/${n}.txt`, `${n}\n`]));
    const scene = await ready({
      ours: { "ours.bin": Buffer.from([0, 255, 10]) },
      theirs: {
        ...many,
        "same.txt": null,
        "run.sh": { content: "#!/bin/sh\n", executable: true },
        link: { symlink: "run.sh" },
      },
    });
    const from = fake.requests.length;
    expect(await scene.github.publish(scene.request)).toMatchObject({ status: "pushed" });
    const posts = fake.requests.slice(from).filter(({ method }) => method === "POST");
    const blobs = posts.filter(({ path }) => path.endsWith("/git/blobs"));
    expect(blobs.map(({ body }) => body)).toEqual([
      { content: Buffer.from(resolved).toString("base64"), encoding: "base64" },
    ]);
    const tree = posts.find(({ path }) => path.endsWith("/git/trees"))?.body as { tree: { path: string }[] };
    expect(tree.tree.map(({ path }) => path).sort()).toEqual(["both.txt", "ours.bin", "topic.txt"]);
    expect(await scene.git.paths("topic")).not.toContain("same.txt");
  });

  it("uploads nothing and makes no tree when the result is one parent's tree", async () => {
    const scene = await openScene(fake, {
      files: { "both.txt": "same\n", "topic.txt": "topic\n" },
      theirs: { "both.txt": resolved },
    });
    const made = await resolve(scene);
    const from = fake.requests.length;
    expect(await made.github.publish(made.request)).toMatchObject({ status: "pushed" });
    expect(asked(fake, from, "POST")).toEqual([`POST ${route(made, "commits")}`]);
    expect(await scene.git.run("rev-parse", "topic^{tree}")).toBe(
      await scene.git.run("rev-parse", "main^{tree}"),
    );
  });

  it("says that the repository of the head is gone", async () => {
    const { github, request } = await plain();
    expect(await github.publish({ ...request, pull: { ...request.pull, head: null } })).toMatchObject({
      status: "refused",
    });
  });
});

describe("a head that moves", () => {
  it("is never pushed onto, whichever request it moves before", async () => {
    const probe = await plain();
    const start = fake.requests.length;
    await probe.github.publish(probe.request);
    const steps = fake.requests.length - start;
    // A token, the blob, the tree, the commit, the branch as it is now, and its move.
    expect(steps).toBe(6);

    for (let step = 0; step < steps; step++) {
      const scene = await plain();
      let seen = 0;
      let theirs = "";
      const unhook = fake.onRequest(async () => {
        if (seen++ === step)
          theirs = await scene.git.commit("topic", { "user.txt": `${step}\n` }, "a person pushes");
      });
      const result = await scene.github.publish(scene.request);
      unhook();
      expect({ step, ...result }).toEqual({ step, status: "stale-head" });
      expect(await scene.git.head("topic")).toBe(theirs);
    }
  }, 120_000);

  it("is stale when it is deleted, or was reset to an older commit", async () => {
    const reset = await plain();
    const older = (await reset.git.log("topic"))[1]?.sha ?? "";
    const unhook = fake.onRequest(async ({ path }) => {
      if (path.endsWith("/git/commits")) await reset.git.branch("topic", older);
    });
    expect(await reset.github.publish(reset.request)).toEqual({ status: "stale-head" });
    unhook();
    expect(await reset.git.head("topic")).toBe(older);

    const deleted = await ready();
    await deleted.git.deleteBranch("topic");
    expect(await deleted.github.publish(deleted.request)).toEqual({ status: "stale-head" });
  });
});

describe("an answer that is lost", () => {
  it.each(["status", "reset"] as const)("to the ref update is looked up, not repeated (%s)", async (kind) => {
    const scene = await plain();
    const fault = faults.fault({ method: "PATCH", path: /\/git\/refs\//, kind, afterEffect: true });
    const result = await scene.github.publish(scene.request);
    expect(fault.hits()).toBe(1);
    expect(result).toMatchObject({ status: "pushed", sha: await scene.git.head("topic") });
    expect(
      (await scene.git.log("topic")).filter((commit) => commit.message.includes("Agent-Run")),
    ).toHaveLength(1);
  });

  it("counts as pushed although a person pushed on top since", async () => {
    const scene = await plain();
    faults.fault({ method: "PATCH", path: /\/git\/refs\//, afterEffect: true });
    const unhook = fake.onRequest(async ({ method }) => {
      if (method === "PATCH") await scene.git.commit("topic", { "user.txt": "on top\n" }, "a person pushes");
    }, "after");
    const result = await scene.github.publish(scene.request);
    unhook();
    const [, ours] = await scene.git.log("topic", 2);
    expect(result).toMatchObject({ status: "pushed", sha: ours?.parents.length === 2 ? ours.sha : "" });
  });

  it("is tried once more when the ref did not move, and is retryable after that", async () => {
    const once = await plain();
    faults.fault({ method: "PATCH", path: /\/git\/refs\// });
    expect(await once.github.publish(once.request)).toMatchObject({ status: "pushed" });

    const twice = await plain();
    const fault = faults.fault({ method: "PATCH", path: /\/git\/refs\//, times: 2 });
    await expect(twice.github.publish(twice.request)).rejects.toMatchObject({ retryable: true });
    expect(fault.hits()).toBe(2);
    await expectUntouched(twice);
  });

  it.each(["blobs", "trees", "commits"])(
    "to POST %s leaves the branch alone and is retryable",
    async (what) => {
      const scene = await plain();
      faults.fault({ method: "POST", path: route(scene, what), afterEffect: true });
      await expect(scene.github.publish(scene.request)).rejects.toMatchObject({
        code: "github",
        retryable: true,
      });
      await expectUntouched(scene);
      expect(await scene.github.publish(scene.request)).toMatchObject({ status: "pushed" });
    },
  );
});

describe("a refusal", () => {
  it("by a rule of the branch names the rule and what to do", async () => {
    const scene = await plain();
    fake.protect(scene.repository, "topic", "Commits must have verified signatures.");
    const result = await scene.github.publish(scene.request);
    expect(result).toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/verified signatures.*Rules/s) as unknown,
    });
    await expectUntouched(scene);
  });

  it("for want of the workflows permission names the file and the permission", async () => {
    const scene = await ready({ theirs: { ".github/workflows/ci.yml": "on: push\n" } });
    const result = await scene.github.publish(scene.request);
    expect(result).toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/\.github\/workflows\/ci\.yml.*"Workflows: write"/s) as unknown,
    });
    await expectUntouched(scene);
    fake.setInstallationPermissions("acme", { ...fake.app.permissions, workflows: "write" });
    await scene.github.canWriteWorkflows(scene.pull);
    expect(await scene.github.publish(scene.request)).toMatchObject({ status: "pushed" });
  });

  it("does not come for workflows that the branch has already", async () => {
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`theirs/${n}.txt`, `${n}\n`]));
    const scene = await ready({ ours: { ".github/workflows/ci.yml": "on: push\n" }, theirs: many });
    expect(await scene.github.publish(scene.request)).toMatchObject({ status: "pushed" });
  });

  it("for want of contents: write says where to grant it", async () => {
    const scene = await plain();
    fake.setInstallationPermissions("acme", { ...fake.app.permissions, contents: "read" });
    const result = await scene.github.publish(scene.request);
    expect(result).toMatchObject({
      status: "refused",
      reason: expect.stringMatching(/403.*"Contents: write".*Permissions & events/s) as unknown,
    });
    await expectUntouched(scene);
  });

  it("of a fork says so, and nothing is pushed to the branch of the same name here", async () => {
    const scene = await openScene(fake, {
      files: { "both.txt": "base\n" },
      theirs: { "both.txt": "theirs\n" },
    });
    const fork = await fake.addFork(scene.repository, { owner: `fork-of-${scene.repository.repo}` });
    await fake.git(fork).commit("topic", { "both.txt": "ours\n" });
    const pull = await fake.openPull({ ...scene.repository, head: "topic", fork });
    const forked = await resolve({ ...scene, pull });
    const before = await scene.git.head("topic");
    faults.fault({
      method: "POST",
      path: `/repos/${fork.owner}/${fork.repo}/git/blobs`,
      status: 403,
      message: "Resource not accessible by integration",
    });
    const result = await forked.github.publish(forked.request);
    expect(result.status).not.toBe("pushed");
    expect(await scene.git.head("topic")).toBe(before);
  });
});

describe("a tree that is not the verified one", () => {
  it.each(["trees", "blobs"])("from POST %s is an error and pushes nothing", async (what) => {
    const scene = await plain();
    const tampering: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (init?.method !== "POST" || !addressOf(input).endsWith(`/git/${what}`)) return answer;
      const body = (await answer.json()) as { sha: string };
      return new Response(JSON.stringify({ ...body, sha: "0".repeat(40) }), answer);
    };
    const github = gitHubOn(fake, scene.pull.installationId, { fetch: tampering });
    await expect(github.publish(scene.request)).rejects.toMatchObject({ code: "bug", retryable: false });
    await expectUntouched(scene);
  });
});

describe("a tree too large for the API", () => {
  const tooLarge: FaultOptions = {
    method: "POST",
    path: /\/git\/(trees|blobs)$/,
    status: 422,
    message: "Sorry, your input was too large to process.",
  };

  it.each<Partial<FaultOptions>>([{ status: 422 }, { status: 413, message: "Payload Too Large" }])(
    "goes by git push, with a lease and unsigned (%j)",
    async (change) => {
      const scene = await plain();
      faults.fault({ ...tooLarge, ...change });
      const result = await scene.github.publish(scene.request);
      expect(result).toEqual({ status: "pushed", sha: await scene.git.head("topic"), signed: false });
      expect((await scene.git.log("topic", 1))[0]).toMatchObject({
        tree: scene.request.tree,
        parents: [scene.headSha, scene.baseSha],
      });
    },
  );

  it("is not pushed onto a head that moved meanwhile", async () => {
    const scene = await plain();
    const fault = faults.fault(tooLarge);
    let theirs = "";
    const unhook = fake.onRequest(async ({ method, path }) => {
      if (fault.hits() === 1 && theirs === "" && method === "POST" && path.endsWith("/access_tokens")) {
        theirs = await scene.git.commit("topic", { "user.txt": "first\n" });
      }
    });
    expect(await scene.github.publish(scene.request)).toEqual({ status: "stale-head" });
    unhook();
    expect(theirs).not.toBe("");
    expect(await scene.git.head("topic")).toBe(theirs);
  });

  it("with workflow files is refused without the permission", async () => {
    const scene = await ready({ theirs: { ".github/workflows/ci.yml": "on: push\n" } });
    faults.fault(tooLarge);
    expect(await scene.github.publish(scene.request)).toMatchObject({ status: "refused" });
    await expectUntouched(scene);
  });
});

describe("a run that is stopped", () => {
  it("pushes nothing after the signal", async () => {
    const scene = await plain();
    const controller = new AbortController();
    const unhook = fake.onRequest(({ path }) => {
      if (path.endsWith("/git/commits")) controller.abort(new Error("stopped"));
    });
    await expect(scene.github.publish({ ...scene.request, signal: controller.signal })).rejects.toThrow(
      "stopped",
    );
    unhook();
    await expectUntouched(scene);
  });
});
