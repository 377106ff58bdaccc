// What a person reads when GitHub says no, and what is tried again: reads are, writes never.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { AppError } from "../../src/core/errors.ts";
import {
  addressOf,
  openFaults,
  gitHubOn,
  impatient,
  openScene,
  recordingLog,
  startFakeGitHub,
} from "./harness.ts";
import type { FakeGitHub, Scene } from "./harness.ts";
import { createGitHubFor } from "../../src/github/index.ts";

let fake: FakeGitHub;
let faults: ReturnType<typeof openFaults>;
let scene: Scene;
beforeAll(async () => {
  fake = await startFakeGitHub();
  faults = openFaults(fake);
  scene = await openScene(fake);
});
/** A client of its own for each test: tokens are asked for anew. */
beforeEach(() => {
  scene = { ...scene, github: gitHubOn(fake, scene.pull.installationId) };
});
afterEach(() => {
  faults.clear();
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

const pullRoute = /\/pulls\/\d+$/;

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AppError)) throw new Error(`No AppError but ${String(error)}`);
  // Everything a person or a log could see of it.
  const shown = JSON.stringify([error.message, error.remedy, error.cause, error.stack]);
  expect(shown).not.toMatch(/ghs_|Bearer|BEGIN|authorization/i);
  return error;
}

describe("words", () => {
  it.each([
    {
      status: 403,
      error: { code: "permission", retryable: false },
      message: /403.*reading pull request/,
      remedy: /"Pull requests: read".*Permissions & events/,
    },
    { status: 422, error: { code: "github", retryable: false }, message: /422.*on demand/, remedy: /Mend/ },
    { status: 429, error: { code: "github", retryable: true }, message: /slow down/, remedy: /60 s/ },
    { status: 500, error: { code: "github", retryable: true }, message: /500/, remedy: /githubstatus/ },
    { status: 502, error: { code: "github", retryable: true }, message: /502/, remedy: /githubstatus/ },
    { status: 418, error: { code: "github", retryable: false }, message: /418/, remedy: /again/ },
  ])("$status", async ({ status, error, message, remedy }) => {
    faults.fault({ path: pullRoute, status, times: 3 });
    const thrown = await failure(scene.github.pull(scene.pull));
    expect(thrown).toMatchObject(error);
    expect(thrown.message).toMatch(message);
    expect(thrown.remedy).toMatch(remedy);
  });

  it("404 on a write says what may be missing", async () => {
    const error = await failure(scene.github.upsertComment({ ...scene.pull, number: 4711 }, "x", null));
    expect(error).toMatchObject({ code: "github", retryable: false });
    expect(error.remedy).toMatch(/installed on this repository/);
  });

  it("a permission that is missing names it", async () => {
    fake.setInstallationPermissions("acme", { metadata: "read", issues: "write" });
    const sha = await scene.git.sha("topic");
    const check = { name: "n", runId: "r", sha, title: "t", summary: "s", annotations: [], actions: [] };
    const error = await failure(scene.github.upsertCheck(scene.pull, { ...check, conclusion: "neutral" }));
    fake.setInstallationPermissions("acme", fake.app.permissions);
    expect(error).toMatchObject({ code: "permission", retryable: false });
    expect(error.remedy).toMatch(/"Checks: read"/);
  });

  it("a suspended installation", async () => {
    fake.suspend("acme");
    const error = await failure(scene.github.pull(scene.pull));
    fake.suspend("acme", false);
    expect(error).toMatchObject({ code: "permission", retryable: false });
    expect(error.remedy).toMatch(/resume/);
  });

  it("an installation that is gone", async () => {
    const error = await failure(gitHubOn(fake, 99_999).pull(scene.pull));
    expect(error.message).toMatch(/token of this installation/);
    expect(error.retryable).toBe(false);
  });

  it("credentials that GitHub does not take", async () => {
    const wrong = createGitHubFor({
      appId: fake.app.id + 1,
      privateKey: fake.app.privateKey,
      apiUrl: fake.url,
      log: recordingLog(),
    });
    const error = await failure(wrong(scene.pull.installationId).pull(scene.pull));
    expect(error).toMatchObject({ code: "config", retryable: false });
    expect(error.remedy).toMatch(/private key.*clock/);
  });

  it("nobody there", async () => {
    const github = gitHubOn(fake, scene.pull.installationId, { apiUrl: "http://127.0.0.1:9" });
    const error = await failure(github.pull(scene.pull));
    expect(error).toMatchObject({ code: "github", retryable: true });
    expect(error.message).toMatch(/connection to GitHub failed/);
  });

  it("no answer in time", async () => {
    faults.fault({ path: pullRoute, kind: "hang", times: 3 });
    const github = gitHubOn(fake, scene.pull.installationId, impatient);
    const error = await failure(github.pull(scene.pull));
    expect(error).toMatchObject({ code: "github", retryable: true });
    expect(error.message).toMatch(/no answer in time/);
  });

  it("a page of a proxy instead of an answer", async () => {
    const proxy: typeof fetch = async (input, init) =>
      /\/pulls\/\d+$/.test(addressOf(input))
        ? new Response("<html>sign in</html>", { headers: { "content-type": "text/html" } })
        : fetch(input, init);
    const github = gitHubOn(fake, scene.pull.installationId, { fetch: proxy });
    const error = await failure(github.pull(scene.pull));
    expect(error).toMatchObject({ code: "github", retryable: true });
  });

  it("what GitHub says is one line, and nothing hidden is in it", async () => {
    faults.fault({ path: pullRoute, status: 422, message: `a\u202Eb\n\n${"x".repeat(5000)}` });
    const { message } = await failure(scene.github.pull(scene.pull));
    expect(message).toContain("a\\u{202e}b\\u{a}");
    expect(message.length).toBeLessThan(600);
  });
});

describe("second tries", () => {
  it.each(["status", "reset"] as const)("reads get two (%s)", async (kind) => {
    const fault = faults.fault({ path: pullRoute, kind, times: 2 });
    expect(await scene.github.pull(scene.pull)).toMatchObject({ title: "topic" });
    expect(fault.hits()).toBe(2);
  });

  it("reads end after the third", async () => {
    const fault = faults.fault({ path: pullRoute, times: 9 });
    await failure(scene.github.pull(scene.pull));
    expect(fault.hits()).toBe(3);
  });

  it("edits get none", async () => {
    const { id } = await scene.github.upsertComment(scene.pull, "x", null);
    const fault = faults.fault({ method: "PATCH", path: /\/issues\/comments\//, times: 9 });
    await failure(scene.github.upsertComment(scene.pull, "y", id));
    expect(fault.hits()).toBe(1);
  });
});
