import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { canary, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";
import { isHeld, tryLock, withLock } from "../../src/workspace/lock.ts";
import { createMirrorSizes, evictMirrors, mirrorNameOf } from "../../src/workspace/cache.ts";

let fixture: Fixture;
beforeEach(async () => {
  fixture = await createFixture();
});
afterEach(() => fixture.close());

const commits = sides({ a: "a\n" }, { a: "b\n" }, { a: "c\n" });

async function opened(name: string, workspaces = fixture.workspaces) {
  fixture.repository(name, commits);
  return await workspaces.open(options(name));
}

const options = (name: string) => ({
  cloneUrl: fixture.url(name),
  token: canary,
  headSha: fixture.git(name, "rev-parse", "ours"),
  baseSha: fixture.git(name, "rev-parse", "theirs"),
  signal: new AbortController().signal,
});

const ignore = () => undefined;

const mirrorOf = (name: string) =>
  join(fixture.cacheDir, "mirrors", `${mirrorNameOf(fixture.url(name))}.git`);

/** A process that ended: its number belongs to nobody for now. */
function deadOwner(): string {
  return JSON.stringify({ id: "dead", pid: 4_194_000, host: hostname(), started: "1" });
}

describe("the mirror cache", () => {
  it("evicts the mirror used longest ago once it is over its size, and never one in use", async () => {
    const first = await opened("first");
    await first.dispose();
    const second = await opened("second");
    await second.dispose();
    utimesSync(join(mirrorOf("first"), "last-used"), 1000, 1000);
    utimesSync(join(mirrorOf("second"), "last-used"), 2000, 2000);
    const small = fixture.with({ maxCacheBytes: 1 });
    const third = await opened("third", small);
    expect(existsSync(mirrorOf("first"))).toBe(false);
    expect(existsSync(mirrorOf("second"))).toBe(false);
    expect(existsSync(mirrorOf("third"))).toBe(true);
    await small.sweep();
    expect(existsSync(mirrorOf("third"))).toBe(true);
    expect(third.conflicts).toHaveLength(1);
    expect(Buffer.from(await third.readBlob(third.conflicts[0]?.ours?.oid ?? "")).toString()).toBe("b\n");
    await third.dispose();
    expect(existsSync(mirrorOf("third"))).toBe(false);
  });

  it("keeps the newer of two when one is enough", async () => {
    await (await opened("first")).dispose();
    await (await opened("second")).dispose();
    utimesSync(join(mirrorOf("first"), "last-used"), 2000, 2000);
    utimesSync(join(mirrorOf("second"), "last-used"), 1000, 1000);
    const bytes = readdirSync(mirrorOf("first"), { recursive: true, encoding: "utf8" }).length;
    expect(bytes).toBeGreaterThan(0);
    await fixture.with({ maxCacheBytes: 6000 }).sweep();
    expect([existsSync(mirrorOf("first")), existsSync(mirrorOf("second"))]).toEqual([true, false]);
  });

  it("stays within its size as mirrors are added and grow, without a sweep", async () => {
    const workspaces = fixture.with({ maxCacheBytes: 6000 });
    await (await opened("first", workspaces)).dispose();
    expect(existsSync(mirrorOf("first"))).toBe(true);
    await (await opened("second", workspaces)).dispose();
    expect([existsSync(mirrorOf("first")), existsSync(mirrorOf("second"))]).toEqual([false, true]);
    const growing = await fixture.with({ maxCacheBytes: 6000 }).open(options("second"));
    writeFileSync(join(mirrorOf("second"), "objects", "pack", "large.pack"), Buffer.alloc(6000));
    await growing.dispose();
    expect(existsSync(mirrorOf("second"))).toBe(false);
  });

  it("measures all mirrors again when ten minutes have passed: other processes make them grow, too", async () => {
    await (await opened("first")).dispose();
    await (await opened("second")).dispose();
    const sizes = createMirrorSizes();
    const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
    const cache = { directory: fixture.cacheDir, maxBytes: 20_000, log, sizes };
    expect(await evictMirrors(cache)).toBe(0);
    writeFileSync(join(mirrorOf("first"), "objects", "pack", "large.pack"), Buffer.alloc(20_000));
    expect(await evictMirrors(cache, mirrorOf("second"))).toBe(0);
    sizes.measuredAt -= 11 * 60_000;
    expect(await evictMirrors(cache, mirrorOf("second"))).toBe(1);
    expect([existsSync(mirrorOf("first")), existsSync(mirrorOf("second"))]).toEqual([false, true]);
  });

  it("sweeps away what dead processes left, and leaves what live ones use", async () => {
    const workspace = await opened("live");
    const stale = `${mirrorNameOf("x")}.dead`;
    writeFileSync(join(fixture.cacheDir, "leases", stale), deadOwner());
    mkdirSync(join(fixture.cacheDir, "work", stale));
    mkdirSync(join(fixture.cacheDir, "trash", "old"));
    await fixture.workspaces.sweep();
    expect(readdirSync(join(fixture.cacheDir, "leases"))).toHaveLength(1);
    expect(readdirSync(join(fixture.cacheDir, "work"))).toHaveLength(1);
    expect(readdirSync(join(fixture.cacheDir, "trash"))).toEqual([]);
    await workspace.write("a", { mode: "100644", bytes: Buffer.from("x") });
    expect(await workspace.tree()).not.toBeNull();
    await workspace.dispose();
    expect(readdirSync(join(fixture.cacheDir, "work"))).toEqual([]);
  });

  it("recovers from a fetch that was killed half-way and from a mirror that is gone", async () => {
    await (await opened("r")).dispose();
    const shas = fixture.git("r", "rev-parse", "ours", "theirs").split("\n");
    writeFileSync(join(mirrorOf("r"), "objects", "pack", "tmp_pack_abc"), "half");
    rmSync(join(mirrorOf("r"), "refs"), { recursive: true });
    mkdirSync(join(mirrorOf("r"), "refs"));
    const workspace = await fixture.open("r", shas[0] ?? "", shas[1] ?? "");
    expect(workspace.conflicts).toHaveLength(1);
    expect(
      readdirSync(join(mirrorOf("r"), "objects", "pack")).filter((name) => name.startsWith("tmp_")),
    ).toEqual([]);
  });

  it("is shared by processes: two that start at once fetch once", async () => {
    const shas = fixture.repository("shared", commits);
    const script = `
      import { createWorkspaces } from "./src/workspace/index.ts";
      const log = { debug() {}, info() {}, warn() {}, error() {} };
      const workspaces = createWorkspaces({ cacheDir: ${JSON.stringify(fixture.cacheDir)}, maxCacheBytes: 1e9, environment: process.env, log });
      const workspace = await workspaces.open({ cloneUrl: ${JSON.stringify(fixture.url("shared"))}, token: process.env.CANARY, headSha: ${JSON.stringify(shas["ours"])}, baseSha: ${JSON.stringify(shas["theirs"])}, signal: new AbortController().signal });
      console.log(workspace.conflicts.map((one) => one.kind).join());
      await workspace.dispose();
    `;
    const run = () =>
      new Promise<string>((resolve, reject) => {
        const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], {
          env: { ...process.env, CANARY: canary },
        });
        let output = "";
        child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
        child.on("error", reject);
        child.on("close", () => {
          resolve(output.trim());
        });
      });
    expect(await Promise.all([run(), run()])).toEqual(["content", "content"]);
    expect(fixture.server.requests.filter((line) => line.startsWith("POST"))).toHaveLength(2);
  });
});

describe("the lock", () => {
  const path = () => join(fixture.root, "lock");

  it("lets one in at a time", async () => {
    const { signal } = new AbortController();
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 8 }, () =>
        withLock(path(), signal, async () => {
          most = Math.max(most, ++inside);
          await new Promise(setImmediate);
          inside -= 1;
        }),
      ),
    );
    expect(most).toBe(1);
    expect(existsSync(path())).toBe(false);
  });

  it("is taken over from a dead process, and by one only", async () => {
    writeFileSync(path(), deadOwner());
    const taken = await Promise.all(Array.from({ length: 20 }, () => tryLock(path())));
    expect(taken.filter((release) => release !== null).length).toBeLessThanOrEqual(1);
    for (const release of taken) await release?.();
    // Whoever comes next gets it: nothing of the dead process is in the way.
    expect(await tryLock(path())).not.toBeNull();
  });

  it("is taken over from a process whose number another one has now", async () => {
    const owner = { id: "old", pid: process.pid, host: hostname(), started: "1" };
    writeFileSync(path(), JSON.stringify(owner));
    expect(await isHeld(path())).toBe(false);
    expect(await tryLock(path())).not.toBeNull();
  });

  it("of another host is respected while it is touched, and taken over a minute after the last touch", async () => {
    writeFileSync(path(), JSON.stringify({ id: "far", pid: 1, host: "elsewhere", started: "1" }));
    expect(await tryLock(path())).toBeNull();
    const longAgo = Date.now() / 1000 - 61;
    utimesSync(path(), longAgo, longAgo);
    expect(await tryLock(path())).not.toBeNull();
    expect(readFileSync(path(), "utf8")).toContain(hostname());
  });

  it("can be waited for only as long as the work is wanted", async () => {
    const release = await tryLock(path());
    const calledOff = new AbortController();
    const waiting = withLock(path(), calledOff.signal, () => Promise.resolve());
    calledOff.abort();
    await expect(waiting).rejects.toThrow();
    await release?.();
  });
});
