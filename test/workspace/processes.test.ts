import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { getEventListeners } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Workspace } from "../../src/core/workspace.ts";
import { gitFor } from "../../src/workspace/git.ts";
import type { WorkspacesOptions } from "../../src/workspace/index.ts";
import { canary, conflictAt, createFixture, sides } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

const paths = ["a", "b", "c"];
const files = (side: string) => Object.fromEntries(paths.map((path) => [path, `${side} ${path}\n`]));
const commits = sides(
  { ...files("base"), d: "d\n" },
  { ...files("ours"), d: "ours d\n" },
  { ...files("theirs"), e: "e\n" },
);
const blob = (text: string) => ({ mode: "100644", bytes: Buffer.from(text) });
const textOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString();

let fixture: Fixture;
let log: string;
const opened: Workspace[] = [];
beforeEach(async () => {
  fixture = await createFixture();
  log = join(fixture.root, "calls");
});
afterEach(async () => {
  for (const workspace of opened.splice(0)) await workspace.dispose();
  await fixture.close();
});

/** An environment whose git notes each call before it makes it. */
function countingEnvironment(): Record<string, string | undefined> {
  const bin = join(fixture.root, "bin");
  mkdirSync(bin, { recursive: true });
  const real = execFileSync("/bin/sh", ["-c", "command -v git"]).toString().trim();
  writeFileSync(join(bin, "git"), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexec '${real}' "$@"\n`);
  chmodSync(join(bin, "git"), 0o755);
  return { ...process.env, PATH: `${bin}:${process.env["PATH"] ?? ""}` };
}

async function open(options: Partial<WorkspacesOptions> = {}): Promise<Workspace> {
  const shas = fixture.repository("r", commits);
  const workspace = await fixture.with({ environment: countingEnvironment(), ...options }).open({
    cloneUrl: fixture.url("r"),
    token: canary,
    headSha: shas["ours"] ?? "",
    baseSha: shas["theirs"] ?? "",
    signal: new AbortController().signal,
  });
  opened.push(workspace);
  return workspace;
}

/** What `work` comes to, and git's subcommands that ran meanwhile. */
async function counted<T>(work: () => Promise<T>): Promise<{ value: T; ran: string[] }> {
  writeFileSync(log, "");
  const value = await work();
  const lines = readFileSync(log, "utf8").split("\n").slice(0, -1);
  const ran = lines.map((line) => line.split(" ").find((word) => /^[a-z]+(?:-[a-z]+)*$/.test(word)) ?? line);
  return { value, ran };
}

describe("git processes", () => {
  it("read the stages of all conflicts at once, and none of them again", async () => {
    const workspace = await open();
    const split = await counted(async () => {
      for (const path of paths) await workspace.conflictedFile(conflictAt(workspace, path));
    });
    expect(split.ran).toEqual(["cat-file", "merge-file", "merge-file", "merge-file"]);
    const again = await counted(async () => {
      const texts = [];
      for (const { base, ours, theirs } of workspace.conflicts) {
        for (const stage of [base, ours, theirs])
          texts.push(textOf(await workspace.readBlob(stage?.oid ?? "")));
      }
      return texts;
    });
    expect(again).toEqual({
      value: paths.flatMap((path) => [`base ${path}\n`, `ours ${path}\n`, `theirs ${path}\n`]),
      ran: [],
    });
  });

  it("are not needed to write a file, nor to read what was written by path or by name", async () => {
    const workspace = await open();
    const { ran } = await counted(async () => {
      for (const path of paths) {
        await workspace.write(path, blob(`done ${path}\n`));
        expect(textOf((await workspace.readPath("result", path))?.bytes)).toBe(`done ${path}\n`);
      }
    });
    expect(ran).toEqual([]);
    const tree = (await workspace.tree()) ?? "";
    const changes = await workspace.changesSince("base", tree);
    const uploads = changes.filter(({ path }) => paths.includes(path)).map(({ oid }) => oid ?? "");
    const read = await counted(() => Promise.all(uploads.map((oid) => workspace.readBlob(oid))));
    expect(read.ran).toEqual([]);
    expect(read.value.map(textOf)).toEqual(paths.map((path) => `done ${path}\n`));
  });

  it("build a tree once and compare it once with each side, while nothing else is written", async () => {
    const workspace = await open();
    for (const path of paths) await workspace.write(path, blob("done\n"));
    const first = (await workspace.tree()) ?? "";
    const changes = await workspace.changesSince("head", first);
    const again = await counted(async () => {
      workspace.keep();
      expect(await workspace.tree()).toBe(first);
      return await workspace.changesSince("head", first);
    });
    expect(again).toEqual({ value: changes, ran: [] });
    const other = await counted(() => workspace.changesSince("base", first));
    expect(other.ran).toEqual(["diff-tree"]);
    expect(other.value).not.toEqual(changes);
  });

  it("look a path of a side up once and then have its contents", async () => {
    const workspace = await open();
    const first = await counted(() => workspace.readPath("head", "d"));
    expect(first.ran.filter((name) => name === "ls-tree")).toHaveLength(1);
    const again = await counted(() => workspace.readPath("head", "d"));
    expect([textOf(first.value?.bytes), textOf(again.value?.bytes)]).toEqual(["ours d\n", "ours d\n"]);
    expect(again.ran).toEqual([]);
    expect(await workspace.readPath("base", "missing")).toBeNull();
  });

  it("are shared by readers at the same time", async () => {
    const workspace = await open();
    const oid = conflictAt(workspace, "a").ours?.oid ?? "";
    const read = await counted(() => Promise.all(Array.from({ length: 12 }, () => workspace.readBlob(oid))));
    expect(read.ran).toEqual(["cat-file"]);
    expect(new Set(read.value.map(textOf))).toEqual(new Set(["ours a\n"]));
  });

  it("listen for the end of the work while they run, however many, and no longer", async () => {
    const { signal } = new AbortController();
    const env = { PATH: process.env["PATH"] ?? "" };
    const git = gitFor({
      directory: fixture.root,
      gitDir: null,
      env,
      timeoutMs: 60_000,
      signal,
      secrets: [],
    });
    const running = Array.from({ length: 12 }, () => git(["--version"]));
    expect(getEventListeners(signal, "abort")).toHaveLength(12);
    await Promise.all(running);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

describe("what is remembered", () => {
  it("is never an older result: after other writes, a discard, a deletion, a draft", async () => {
    const workspace = await open();
    const result = async () => {
      const found = await workspace.readPath("result", "a");
      return found === null ? null : textOf(found.bytes);
    };
    for (const path of paths) await workspace.write(path, blob("one\n"));
    const one = await workspace.tree();
    workspace.keep();
    await workspace.write("a", blob("two\n"));
    const two = await workspace.tree();
    expect([await result(), two === one]).toEqual(["two\n", false]);
    workspace.discard();
    expect([await result(), await workspace.tree()]).toEqual(["one\n", one]);
    await workspace.draft("a", blob("draft\n"));
    expect([await result(), await workspace.tree()]).toEqual(["one\n", one]);
    await workspace.write("a", null);
    const deleted = (await workspace.tree()) ?? "";
    expect(await result()).toBeNull();
    expect(await workspace.changesSince("head", deleted)).toContainEqual({
      path: "a",
      mode: "100644",
      oid: null,
    });
    await workspace.write("a", { mode: "100755", bytes: Buffer.from("one\n") });
    expect([one, two, deleted]).not.toContain(await workspace.tree());
    expect((await workspace.readPath("result", "a"))?.mode).toBe("100755");
  });

  it("is what was written, whatever the writer does to its bytes later", async () => {
    const workspace = await open();
    const bytes = Buffer.from("done\n");
    await workspace.write("a", { mode: "100644", bytes });
    bytes.fill("x");
    expect(textOf((await workspace.readPath("result", "a"))?.bytes)).toBe("done\n");
  });

  it("is read again when it was too much to keep, and what was refused stays refused", async () => {
    const workspace = await open({ limits: { memoryBytes: 0 } });
    await workspace.write("a", blob("done\n"));
    const { value, ran } = await counted(() => workspace.readPath("result", "a"));
    expect([textOf(value?.bytes), ran]).toEqual(["done\n", ["cat-file"]]);
    const unknown = "1".repeat(40);
    for (let time = 0; time < 2; time++) {
      await expect(workspace.readBlob(unknown)).rejects.toMatchObject({ name: "AppError" });
    }
    await expect(workspace.readBlob("a")).rejects.toThrow("full name");
  });
});
