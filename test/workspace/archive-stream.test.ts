import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import type { Workspace } from "../../src/core/workspace.ts";
import { gitStreamFor } from "../../src/workspace/git-stream.ts";
import { canary, createFixture } from "./fixture.ts";
import type { Fixture } from "./fixture.ts";

/** A `git` on a search path of its own that notes its process and then does what the script says. */
function gitInstead(root: string, script: string): { path: string; pids: () => number[] } {
  const bin = mkdtempSync(join(root, "bin-"));
  const log = join(bin, "pids");
  writeFileSync(join(bin, "git"), `#!/bin/sh\n${script.replaceAll("NOTE", () => `echo $$ >> '${log}'`)}\n`);
  chmodSync(join(bin, "git"), 0o755);
  const pids = () =>
    existsSync(log) ? readFileSync(log, "utf8").split("\n").filter(Boolean).map(Number) : [];
  return { path: `${bin}:${process.env["PATH"] ?? ""}`, pids };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "errand-stream-"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

describe("git that is read while it writes", () => {
  const streamOf = (path: string, more: { timeoutMs?: number; signal?: AbortSignal } = {}) =>
    gitStreamFor({
      ...{ directory: root, gitDir: null, env: { PATH: path } },
      ...{ timeoutMs: 60_000, signal: new AbortController().signal, secrets: ["hush"], ...more },
    })(["archive"], "reading a tree's files");

  it("gives what was written and then the failure, in git's words", async () => {
    const { path } = gitInstead(root, "echo part; echo 'fatal: hush' >&2; exit 3");
    const chunks = streamOf(path);
    expect(Buffer.from((await chunks.next()).value ?? []).toString()).toBe("part\n");
    await expect(textOf(chunks)).rejects.toMatchObject({
      code: "workspace",
      message: "Git failed while reading a tree's files: git said: fatal: ***",
    });
  });

  it("is killed with what it started once it is silent for too long", async () => {
    const { path, pids } = gitInstead(root, "NOTE; echo part; (NOTE; exec sleep 600) & wait");
    await expect(textOf(streamOf(path, { timeoutMs: 500 }))).rejects.toMatchObject({
      code: "workspace",
      message: expect.stringContaining("git archive was stopped"),
      retryable: true,
    });
    expect(pids().length).toBeGreaterThan(0);
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it("has all the time that its reader takes", async () => {
    const { path } = gitInstead(root, "echo part; sleep 0.1; echo rest");
    const chunks = streamOf(path, { timeoutMs: 2_000 });
    await chunks.next();
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(await textOf(chunks)).toBe("rest\n");
  });

  it("says what to install where there is none", async () => {
    await expect(textOf(streamOf("/nonexistent"))).rejects.toMatchObject({
      message: "git could not be started.",
    });
  });

  it("is not started for work that was called off", async () => {
    const { path, pids } = gitInstead(root, "NOTE");
    const reason = new Error("called off");
    await expect(textOf(streamOf(path, { signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
    expect(pids()).toEqual([]);
  });
});

describe("an archive that is not read to its end", () => {
  let fixture: Fixture;
  let workspace: Workspace | null = null;
  const controller = () => new AbortController();
  beforeEach(async () => {
    fixture = await createFixture();
  });
  afterEach(async () => {
    await workspace?.dispose();
    await fixture.close();
  });

  /** An archive far larger than what fits between two processes, by a git that notes each process that writes one. */
  async function openLarge(abort: AbortController) {
    const real = execFileSync("/bin/sh", ["-c", "command -v git"]).toString().trim();
    const noted = gitInstead(root, `case "$*" in *' archive '*) NOTE;; esac; exec '${real}' "$@"`);
    const { base = "", ours = "" } = fixture.repository("r", [
      { name: "base", files: { a: "a\n" } },
      { name: "ours", parents: ["base"], files: { large: randomBytes(4 * 1024 * 1024) } },
    ]);
    workspace = await fixture.with({ environment: { ...process.env, PATH: noted.path } }).open({
      ...{ cloneUrl: fixture.url("r"), token: canary, headSha: ours, baseSha: base },
      signal: abort.signal,
    });
    return { archive: workspace.archive(await workspace.parentTree("head")), pids: noted.pids };
  }

  it("leaves no git behind when its reader stops", async () => {
    const { archive, pids } = await openLarge(controller());
    for await (const chunk of archive()) {
      expect(chunk.length).toBeGreaterThan(0);
      expect(pids().filter(isRunning)).toHaveLength(1);
      break;
    }
    expect(pids()).toHaveLength(1);
    expect(pids().filter(isRunning)).toEqual([]);
  });

  it("ends with the reason when the work is called off, and git with it", async () => {
    const abort = controller();
    const { archive, pids } = await openLarge(abort);
    const reason = new Error("called off");
    const read = async () => {
      let bytes = 0;
      for await (const chunk of archive()) {
        bytes += chunk.length;
        abort.abort(reason);
      }
      return bytes;
    };
    await expect(read()).rejects.toBe(reason);
    expect(pids()).toHaveLength(1);
    expect(pids().filter(isRunning)).toEqual([]);
  });
});
