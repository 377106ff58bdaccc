import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createWorkspaces } from "../../src/workspace/index.ts";
import { startFakeGitHub } from "../support/fake-github.ts";
import type { FakeGitHub } from "../support/fake-github.ts";

let directory: string;
let github: FakeGitHub;
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "errand-forget-"));
  github = await startFakeGitHub();
});
afterAll(async () => {
  await github.close();
  await rm(directory, { recursive: true, force: true });
});

const nothing = () => undefined;
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };

it("forgets the mirror of a repository that the app was taken off, and no other", async () => {
  const workspaces = createWorkspaces({ cacheDir: directory, maxCacheBytes: 1e9, log });
  const urls: string[] = [];
  for (const name of ["stays", "goes"]) {
    const app = await github.addRepository({ owner: "acme", name, files: { "a.txt": `${name}\n` } });
    const cloneUrl = github.gitUrl(app.owner, app.repo);
    const [headSha, baseSha] = [
      await github.git(app).commit("feature", { "b.txt": "b\n" }),
      await github.git(app).sha("main"),
    ];
    const workspace = await workspaces.open({
      cloneUrl,
      token: github.token("acme"),
      headSha,
      baseSha,
      signal: new AbortController().signal,
    });
    await workspace.dispose();
    urls.push(cloneUrl);
  }
  const before = await readdir(path.join(directory, "mirrors"));
  await workspaces.forget([urls[1] ?? "", "https://example.com/never/seen.git"]);
  const after = await readdir(path.join(directory, "mirrors"));
  expect([before.length, after.length]).toEqual([2, 1]);
});
