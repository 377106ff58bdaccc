import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { canary, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const done = { mode: "100644", bytes: Buffer.from("done\n") };

async function resolved(branch = "ours") {
  const commits = sides({ a: "a\n", b: "b\n", c: "c\n" }, { a: "ours\n" }, { a: "theirs\n", b: "b2\n" });
  const shas = fixture.repository("r", commits);
  if (branch !== "ours") fixture.git("r", "update-ref", `refs/heads/${branch}`, shas["ours"] ?? "");
  const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
  await workspace.write("a", done);
  const tree = (await workspace.tree()) ?? "";
  return { shas, workspace, tree };
}

const run = (value: string) => ({ name: "Agent-Run", value });

describe("results", () => {
  it("are in force when written, dropped by discard, kept by keep", async () => {
    const { workspace, tree } = await resolved();
    const read = async () => Buffer.from((await workspace.readPath("result", "a"))?.bytes ?? []).toString();
    expect(workspace.written()).toEqual(["a"]);
    expect(await read()).toBe("done\n");
    workspace.discard();
    expect(await workspace.readPath("result", "a")).toBeNull();
    expect(await workspace.tree()).toBeNull();
    await workspace.write("a", done);
    workspace.keep();
    workspace.discard();
    expect(await read()).toBe("done\n");
    expect(await workspace.tree()).toBe(tree);
    expect(workspace.written()).toEqual([]);
    await workspace.write("a", null);
    expect(await workspace.readPath("result", "a")).toBeNull();
  });

  it("make a tree that differs from each parent by what the merge brought", async () => {
    const { workspace, tree } = await resolved();
    const paths = async (side: "head" | "base") =>
      (await workspace.changesSince(side, tree)).map(({ path }) => path);
    expect(await paths("head")).toEqual(["a", "b"]);
    expect(await paths("base")).toEqual(["a"]);
    await workspace.write("c", null);
    const without = (await workspace.tree()) ?? "";
    expect(await workspace.changesSince("base", without)).toContainEqual({
      path: "c",
      mode: "100644",
      oid: null,
    });
  });

  it("give a patch that git applies to the head, drafts included, and names what does not fit", async () => {
    const { workspace } = await resolved();
    workspace.keep();
    await workspace.draft("b", {
      mode: "100644",
      bytes: Buffer.from("<<<<<<< ours\nb\n=======\nb2\n>>>>>>> theirs\n"),
    });
    await workspace.write("c", { mode: "100644", bytes: Buffer.from([0, 1, 2]) });
    const { text, omitted } = await workspace.patch(10_000);
    expect(text).toMatch(/^diff --git a\/a b\/a\n/);
    expect(text).toContain("+done\n");
    expect(text).toContain("+<<<<<<< ours\n");
    expect(omitted).toEqual(["c"]);
    const small = await workspace.patch(130);
    expect(Buffer.byteLength(small.text)).toBeLessThanOrEqual(130);
    expect(small.omitted).toEqual(["b", "c"]);
    expect(await workspace.readPath("result", "b")).toMatchObject({ bytes: Buffer.from("b2\n") });
  });
});

describe("the merge commit", () => {
  it("is pushed with both parents, the app's identity and only new objects", async () => {
    const { shas, workspace, tree } = await resolved();
    // The base branch has moved on: its tip is not known here.
    fixture.git(
      "r",
      "update-ref",
      "refs/heads/theirs",
      fixture.git(
        "r",
        "commit-tree",
        "-p",
        shas["theirs"] ?? "",
        "-m",
        "more",
        `${shas["theirs"] ?? ""}^{tree}`,
      ),
    );
    const posts = fixture.server.requests.length;
    const { sha } = await workspace.pushCommit({
      tree,
      message: "merge\n\nAgent-Run: 12ab\n",
      branch: "ours",
      token: canary,
    });
    expect(fixture.git("r", "rev-parse", "ours", "ours^{tree}", "ours^1", "ours^2").split("\n")).toEqual([
      sha,
      tree,
      shas["ours"],
      shas["theirs"],
    ]);
    expect(fixture.git("r", "log", "-1", "--format=%an <%ae> %cn", "ours")).toBe(
      "errand[bot] <errand@example.com> errand[bot]",
    );
    // Nothing was fetched in order to push.
    const fetches = fixture.server.requests
      .slice(posts)
      .filter((line) => line === "POST /r.git/git-upload-pack");
    expect(fetches.length).toBeLessThanOrEqual(1);
    expect(await workspace.findCommit(sha, { tree, trailer: run("12ab") })).toBe(sha);
    expect(await workspace.findCommit(sha, { tree, trailer: run("12a") })).toBeNull();
    expect(await workspace.findCommit(shas["ours"] ?? "", { tree, trailer: run("12ab") })).toBeNull();
  });

  it("is found by its trailer under commits pushed since", async () => {
    const { shas, workspace, tree } = await resolved();
    const message = "m\n\nAgent-Run: 12ab\nCo-authored-by: A <a@example.com>\n";
    const { sha } = await workspace.pushCommit({ tree, message, branch: "ours", token: canary });
    const later = fixture.git(
      "r",
      "commit-tree",
      "-p",
      sha,
      "-m",
      "Agent-Run: fake\n\ntext",
      `${sha}^{tree}`,
    );
    fixture.git("r", "update-ref", "refs/heads/ours", later);
    await workspace.dispose();
    const again = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(await again.findCommit(later, { tree, trailer: run("12ab") })).toBe(sha);
    expect(await again.findCommit(later, { tree, trailer: run("fake") })).toBeNull();
  });

  it("is not mistaken for a commit that only claims to be it", async () => {
    const { shas, workspace, tree } = await resolved();
    const [ours = "", theirs = ""] = [shas["ours"], shas["theirs"]];
    const claim = (parents: readonly string[], ofTree: string) =>
      fixture.git(
        "r",
        "commit-tree",
        ...parents.flatMap((sha) => ["-p", sha]),
        "-m",
        "m\n\nAgent-Run: 12ab",
        ofTree,
      );
    const forged = [
      claim([ours], `${ours}^{tree}`),
      claim([ours, theirs], `${ours}^{tree}`),
      claim([theirs, ours], `${theirs}^{tree}`),
    ];
    for (const sha of forged) {
      fixture.git("r", "update-ref", "refs/heads/forged", sha);
      expect(await workspace.findCommit(sha, { tree, trailer: run("12ab") })).toBeNull();
    }
  });

  it("is not pushed onto a head that moved, even to one that contains ours", async () => {
    const { shas, workspace, tree } = await resolved();
    const moved = fixture.git(
      "r",
      "commit-tree",
      "-p",
      shas["ours"] ?? "",
      "-m",
      "theirs",
      `${shas["ours"] ?? ""}^{tree}`,
    );
    fixture.git("r", "update-ref", "refs/heads/ours", moved);
    const pushing = workspace.pushCommit({ tree, message: "merge", branch: "ours", token: canary });
    await expect(pushing).rejects.toMatchObject({ code: "stale-head" });
    expect(fixture.git("r", "rev-parse", "ours")).toBe(moved);
  });

  it.each(["$(touch${IFS}x)", "a;id", "-x", "--upload-pack=x", "a|b&&c", "日本\u3000語", "q'u\"o"])(
    "reaches the branch %j and no other",
    async (branch) => {
      const { workspace, tree } = await resolved(branch);
      const { sha } = await workspace.pushCommit({ tree, message: "merge", branch, token: canary });
      expect(fixture.git("r", "rev-parse", `refs/heads/${branch}`)).toBe(sha);
      expect(fixture.git("r", "for-each-ref", "--format=x").split("\n")).toHaveLength(4);
    },
  );

  it.each(["a b", "a..b", "a:b", "+a", "a\nb", "", "a*"])(
    "is not pushed to %j, which is no branch name",
    async (branch) => {
      const { shas, workspace, tree } = await resolved();
      const pushing = workspace.pushCommit({ tree, message: "merge", branch, token: canary });
      if (branch === "+a") await expect(pushing).rejects.toMatchObject({ code: "stale-head" });
      else await expect(pushing).rejects.toMatchObject({ code: "input" });
      expect(fixture.git("r", "rev-parse", "ours")).toBe(shas["ours"]);
    },
  );
});
