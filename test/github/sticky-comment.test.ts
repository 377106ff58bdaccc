// One comment per pull request, whatever GitHub answers and whoever writes the marker.
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { asked, gitHubOn, impatient, openScene, startFakeGitHub } from "./harness.ts";
import type { FakeGitHub } from "./harness.ts";

const marker = "<!-- errand:sticky -->";

let fake: FakeGitHub;
beforeAll(async () => {
  fake = await startFakeGitHub();
});
afterEach(() => {
  expect(fake.violations).toEqual([]);
});
afterAll(() => fake.close());

const commentsRoute = (repo: string, number: number) => `/repos/acme/${repo}/issues/${number}/comments`;

describe("the sticky comment", () => {
  it("is made once and then edited in place, by id and by marker", async () => {
    const { github, pull } = await openScene(fake);
    const made = await github.upsertComment(pull, "first", null);
    expect(made.url).toContain("http");
    expect(await github.upsertComment(pull, "second", made.id)).toEqual(made);
    expect(await github.upsertComment(pull, `${marker}\nthird`, null)).toEqual(made);
    const comments = fake.comments(pull);
    expect(comments.map(({ id, body }) => ({ id, body }))).toEqual([
      { id: made.id, body: `${marker}\nthird` },
    ]);
  });

  it("asks for nothing but the edit when its id is known", async () => {
    const { github, pull } = await openScene(fake);
    const { id } = await github.upsertComment(pull, "first", null);
    const from = fake.requests.length;
    await github.upsertComment(pull, "second", id);
    expect(asked(fake, from).map((path) => path.split(" ")[0])).toEqual(["PATCH"]);
  });

  it("is made anew when somebody deleted it", async () => {
    const { github, pull } = await openScene(fake);
    const { id } = await github.upsertComment(pull, "first", null);
    fake.deleteComment(id);
    const again = await github.upsertComment(pull, "second", id);
    expect(again.id).not.toBe(id);
    expect(fake.comments(pull)).toHaveLength(1);
  });

  it("leaves alone what somebody else wrote with the marker, and another bot too", async () => {
    const { github, pull } = await openScene(fake);
    const theirs = fake.comment(pull, "mallory", `${marker}\nI am the app`);
    const bots = fake.comment(pull, "lookalike[bot]", `${marker}\nso am I`);
    const made = await github.upsertComment(pull, "real", null);
    await github.upsertComment(pull, "real again", null);
    const bodies = new Map(fake.comments(pull).map(({ id, body }) => [id, body]));
    expect(bodies.get(theirs.id)).toBe(`${marker}\nI am the app`);
    expect(bodies.get(bots.id)).toBe(`${marker}\nso am I`);
    expect(bodies.get(made.id)).toBe(`${marker}\nreal again`);
    expect(bodies.size).toBe(3);
  });

  it("is found behind more than a page of comments", async () => {
    const { github, pull } = await openScene(fake);
    for (let n = 0; n < 120; n++) fake.comment(pull, "chatty", `comment ${n}`);
    const made = await github.upsertComment(pull, "first", null);
    expect(await github.upsertComment(pull, "second", null)).toEqual(made);
    expect(fake.comments(pull)).toHaveLength(121);
  });

  it("keeps the oldest of its own duplicates and deletes the others", async () => {
    const { github, pull } = await openScene(fake);
    const [first, second, third] = ["one", "two", "three"].map((body) =>
      fake.comment(pull, fake.bot.login, `${marker}\n${body}`),
    );
    const other = fake.comment(pull, fake.bot.login, "no marker: some other comment of ours");
    expect(await github.upsertComment(pull, "now", null)).toMatchObject({ id: first?.id });
    const left = fake.comments(pull).map(({ id }) => id);
    expect(left).toEqual([first?.id, other.id]);
    expect(left).not.toContain(second?.id);
    expect(left).not.toContain(third?.id);
  });
});

describe("a create whose answer is an error", () => {
  it.each(["status", "reset", "hang"] as const)("is one comment when it took effect (%s)", async (kind) => {
    const { pull, repository } = await openScene(fake);
    const github = gitHubOn(fake, pull.installationId, impatient);
    const fault = fake.fault({
      method: "POST",
      path: commentsRoute(repository.repo, pull.number),
      kind,
      afterEffect: true,
    });
    const from = fake.requests.length;
    const made = await github.upsertComment(pull, "body", null);
    expect(fault.hits()).toBe(1);
    expect(asked(fake, from, "POST").filter((path) => path.endsWith("/comments"))).toHaveLength(1);
    expect(fake.comments(pull).map(({ id, body }) => ({ id, body }))).toEqual([
      { id: made.id, body: `${marker}\nbody` },
    ]);
  });

  it("is tried once more when it had no effect", async () => {
    const { github, pull, repository } = await openScene(fake);
    const path = commentsRoute(repository.repo, pull.number);
    const fault = fake.fault({ method: "POST", path, status: 502 });
    await github.upsertComment(pull, "body", null);
    expect(fault.hits()).toBe(1);
    expect(fake.comments(pull)).toHaveLength(1);
  });

  it("is given up after the second, as an error that the queue retries", async () => {
    const { github, pull, repository } = await openScene(fake);
    const path = commentsRoute(repository.repo, pull.number);
    const fault = fake.fault({ method: "POST", path, status: 503, times: 9 });
    await expect(github.upsertComment(pull, "body", null)).rejects.toMatchObject({
      code: "github",
      retryable: true,
    });
    expect(fault.hits()).toBe(2);
    expect(fake.comments(pull)).toHaveLength(0);
    fault.cancel();
    await github.upsertComment(pull, "body", null);
    expect(fake.comments(pull)).toHaveLength(1);
  });

  it("is not repeated when GitHub refused it", async () => {
    const { github, pull, repository } = await openScene(fake);
    const path = commentsRoute(repository.repo, pull.number);
    const fault = fake.fault({ method: "POST", path, status: 422, times: 9 });
    await expect(github.upsertComment(pull, "body", null)).rejects.toMatchObject({ retryable: false });
    expect(fault.hits()).toBe(1);
  });
});
