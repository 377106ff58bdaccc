import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { canary, conflictAt, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const many = (content: (index: number) => string) =>
  Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`f${index}`, content(index)]));

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

describe("what is fetched", () => {
  it("gets commits in one fetch, all blobs of the conflict in one more, and nothing when asked again", async () => {
    const shas = fixture.repository(
      "r",
      sides(
        many((i) => `${i}\nbase\n`),
        many((i) => `${i}\nours\n`),
        many((i) => `${i}\ntheirs\n`),
      ),
    );
    const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    const posts = () => fixture.server.requests.filter((line) => line.startsWith("POST")).length;
    expect(workspace.conflicts).toHaveLength(20);
    expect(posts()).toBe(2);
    for (const conflict of workspace.conflicts) {
      const split = await workspace.conflictedFile(conflict);
      expect(split?.file.segments.filter(({ kind }) => kind === "hunk")).toHaveLength(1);
      await workspace.write(conflict.path, { mode: "100644", bytes: Buffer.from("done\n") });
    }
    const tree = await workspace.tree();
    expect(await workspace.changesSince("base", tree ?? "")).toHaveLength(20);
    await workspace.dispose();
    await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(posts()).toBe(2);
  });

  it("foresees the blobs of renames and of criss-cross histories", async () => {
    const text = "1\n2\n3\n4\n5\n6\n7\n8\n";
    const shas = fixture.repository("r", [
      { name: "base", files: { a: text, "d/old": text.repeat(2), other: "x\n" } },
      { name: "left", parents: ["base"], files: { a: text.replace("4", "left") } },
      { name: "right", parents: ["base"], files: { a: text.replace("4", "right") } },
      { name: "left2", parents: ["left", "right"], files: { a: text.replace("4", "left") } },
      { name: "right2", parents: ["right", "left"], files: { a: text.replace("4", "right") } },
      { name: "ours", parents: ["left2"], files: { "d/old": null, "d/new": `0\n${text.repeat(2)}` } },
      { name: "theirs", parents: ["right2"], files: { "d/old": `${text.repeat(2)}9\n`, other: "y\n" } },
    ]);
    const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(workspace.conflicts.map(({ path }) => path)).toEqual(["a"]);
    const merged = await workspace.readPath("result", "d/new");
    expect(Buffer.from(merged?.bytes ?? []).toString()).toBe(`0\n${text.repeat(2)}9\n`);
    expect(fixture.server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(2);
  });

  it("lets git fetch what a criss-cross history many levels deep needs", async () => {
    const levels = [0, 1, 2, 3, 4, 5, 6];
    const shas = fixture.repository("r", [
      { name: "base", files: { a: "a\n" } },
      ...levels.flatMap((level) => {
        const [left, right] =
          level === 0
            ? [["base"], ["base"]]
            : [
                [`left${level - 1}`, `right${level - 1}`],
                [`right${level - 1}`, `left${level - 1}`],
              ];
        return [
          { name: `left${level}`, parents: left, files: { a: `left ${level}\n` } },
          { name: `right${level}`, parents: right, files: { a: `right ${level}\n` } },
        ];
      }),
    ]);
    const workspace = await fixture.open("r", shas["left6"] ?? "", shas["right6"] ?? "");
    expect(workspace.conflicts.map(({ kind }) => kind)).toEqual(["content"]);
    expect(fixture.server.requests.filter((line) => line.startsWith("POST")).length).toBeGreaterThan(2);
  });

  it("fetches what it did not foresee when it is read", async () => {
    const shas = fixture.repository(
      "r",
      sides({ a: "a\n", "b/c": "unchanged\n" }, { a: "b\n" }, { d: "d\n" }),
    );
    const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    const found = await workspace.readPath("base", "b/c");
    expect(Buffer.from(found?.bytes ?? []).toString()).toBe("unchanged\n");
    expect(await workspace.readPath("base", "b")).toBeNull();
    expect(await workspace.readPath("head", "d")).toBeNull();
  });

  it("works with a server that knows no filters", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    fixture.git("r", "config", "uploadpack.allowFilter", "false");
    const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(workspace.conflicts.map(({ kind }) => kind)).toEqual(["content"]);
  });

  it("leaves a large blob where it is: the fetch is stopped soon after its allowance, the others still come", async () => {
    const files = (line: string) => ({
      "big.bin": randomBytes(6_000_000),
      a: `${line}\n`,
      b: `${line}\nb\n`,
    });
    const shas = fixture.repository("r", sides(files("base"), files("ours"), files("theirs")));
    // A server that neither compresses nor looks for deltas answers at once.
    fixture.git("r", "config", "core.compression", "0");
    fixture.git("r", "config", "pack.window", "0");
    const workspace = await fixture.with({ limits: { blobBytes: 500_000 } }).open({
      cloneUrl: fixture.url("r"),
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });
    expect(workspace.conflicts.map(({ kind, path }) => [path, kind])).toEqual([
      ["a", "content"],
      ["b", "content"],
      ["big.bin", "too-large"],
    ]);
    const big = conflictAt(workspace, "big.bin");
    await expect(workspace.readBlob(big.ours?.oid ?? "")).rejects.toThrow("larger than");
    const inCache = filesUnder(fixture.cacheDir).reduce((sum, path) => sum + statSync(path).size, 0);
    expect(inCache).toBeLessThan(1_000_000);
    await workspace.write("big.bin", { mode: "100644", bytes: Buffer.from("small\n") });
    await workspace.dispose();
  });

  it("takes a file that is large but packs small for too large, and reads no more of it", async () => {
    const files = (line: string) => ({ a: `${line}\n${"x\n".repeat(1_000_000)}` });
    const shas = fixture.repository("r", sides(files("base"), files("ours"), files("theirs")));
    const workspace = await fixture.with({ limits: { blobBytes: 500_000 } }).open({
      cloneUrl: fixture.url("r"),
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });
    expect(workspace.conflicts.map(({ kind }) => kind)).toEqual(["too-large"]);
    await expect(workspace.readPath("head", "a")).rejects.toThrow("larger than");
    await workspace.dispose();
  });

  it("says that the head is stale when its commit is gone from the server", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    await expect(fixture.open("r", "1".repeat(40), shas["theirs"] ?? "")).rejects.toMatchObject({
      code: "stale-head",
      remedy: expect.stringContaining("new head"),
    });
  });

  it.each([
    ["ext::sh -c 'touch x'", "input"],
    ["file:///etc", "input"],
    ["/etc", "input"],
    ["ssh://git@example.com/r.git", "input"],
    ["http://example.com/r.git", "input"],
    ["https://user:secret@example.com/r.git", "input"],
    ["--upload-pack=touch x", "input"],
  ])("refuses the clone URL %s", async (cloneUrl, code) => {
    const sha = "1".repeat(40);
    const opening = fixture.workspaces.open({
      cloneUrl,
      token: canary,
      headSha: sha,
      baseSha: sha,
      signal: new AbortController().signal,
    });
    await expect(opening).rejects.toMatchObject({ code });
  });

  it("does not follow a server that sends it elsewhere", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    const elsewhere = createServer((request, response) => {
      response.writeHead(302, { location: `${fixture.server.origin}${request.url ?? ""}` }).end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    const { port } = elsewhere.address() as AddressInfo;
    const opening = fixture.workspaces.open({
      cloneUrl: `http://127.0.0.1:${port}/r.git`,
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });
    await expect(opening).rejects.toMatchObject({ code: "workspace" });
    expect(fixture.server.requests).toEqual([]);
    elsewhere.closeAllConnections();
    await new Promise((resolve) => elsewhere.close(resolve));
  });

  it("refuses a sha that is an option or a name", async () => {
    for (const sha of ["--all", "main", "HEAD", "1".repeat(39)]) {
      await expect(fixture.open("r", sha, "1".repeat(40))).rejects.toMatchObject({ code: "input" });
    }
  });
});

describe("the token", () => {
  it("is in no file and in no process's argument list, and not in an error", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    const forms = [canary, Buffer.from(`x-access-token:${canary}`).toString("base64")];
    let seen = "";
    fixture.server.onRequest = () => {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        try {
          seen += readFileSync(`/proc/${pid}/cmdline`, "latin1");
        } catch {
          // The process ended meanwhile.
        }
      }
      return Promise.resolve();
    };
    const workspace = await fixture.open("r", shas["ours"] ?? "", shas["theirs"] ?? "");
    expect(seen).toContain("remote-http");
    for (const form of forms) {
      expect(seen.includes(form)).toBe(false);
      for (const path of filesUnder(fixture.cacheDir))
        expect(readFileSync(path, "latin1").includes(form)).toBe(false);
    }
    await workspace.dispose();
  });

  it("that is wrong gives a permission error that does not hold it", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    const opening = fixture.workspaces.open({
      cloneUrl: fixture.url("r"),
      token: "ghs_wrong",
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "permission" });
    expect(JSON.stringify(error) + String(error)).not.toContain("ghs_wrong");
    expect(readdirSync(join(fixture.cacheDir, "work"))).toEqual([]);
    expect(readdirSync(join(fixture.cacheDir, "leases"))).toEqual([]);
  });
});

describe("calling the work off", () => {
  it("stops a slow fetch with everything it started, and leaves nothing behind", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    const calledOff = new AbortController();
    fixture.server.onRequest = () => {
      calledOff.abort(new Error("the head moved"));
      return new Promise(() => undefined);
    };
    const opening = fixture.workspaces.open({
      cloneUrl: fixture.url("r"),
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: calledOff.signal,
    });
    await expect(opening).rejects.toThrow("the head moved");
    const running = readdirSync("/proc").filter((pid) => {
      try {
        return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(fixture.cacheDir);
      } catch {
        return false;
      }
    });
    expect(running).toEqual([]);
    for (const name of ["work", "leases", "locks"])
      expect(readdirSync(join(fixture.cacheDir, name))).toEqual([]);
  });

  it("gives a slow server up after the time limit", async () => {
    const shas = fixture.repository("r", sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" }));
    fixture.server.onRequest = () => new Promise(() => undefined);
    const opening = fixture.with({ limits: { networkMs: 300 } }).open({
      cloneUrl: fixture.url("r"),
      token: canary,
      headSha: shas["ours"] ?? "",
      baseSha: shas["theirs"] ?? "",
      signal: new AbortController().signal,
    });
    await expect(opening).rejects.toMatchObject({ code: "workspace", retryable: true });
  });
});
