// A sandbox for tests: bubblewrap on this machine, in a folder of its own; and trees as tar.
import { test } from "@jest/globals";
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Log } from "../../../src/core/log.ts";
import type { Sandbox, SandboxRequest, SandboxState } from "../../../src/core/sandbox.ts";
import { defaultSandboxLimits } from "../../../src/core/sandbox-settings.ts";
import type { SandboxSettings } from "../../../src/core/sandbox-settings.ts";
import { openSandbox } from "../../../src/workspace/sandbox/index.ts";
import type { SandboxSetup } from "../../../src/workspace/sandbox/index.ts";
import { sandboxMissing } from "../../support/sandbox.ts";

/** Far from ids that a machine gives to people and services. */
export const firstUser = 731_000;
export const megabyte = 1024 * 1024;

const notRoot = process.geteuid?.() === 0 ? null : "only root can make control groups and give up rights";

/** `test`, where this machine has bubblewrap; elsewhere skipped under a title that says why. */
export const sandboxTest = testUnless(sandboxMissing);
/** `test`, where the tests may make control groups and become other users, too. */
export const rootTest = testUnless(sandboxMissing ?? notRoot);

/** `test`, where another user can run programs of these tests. */
export const otherUserTest = testUnless(sandboxMissing ?? notRoot ?? unreadable());

/** Under a home folder, say, that is its owner's alone. */
function unreadable(): string | null {
  const { status } = spawnSync("ls", [import.meta.dirname], { uid: firstUser, gid: firstUser });
  return status === 0 ? null : "other users cannot read the folder of these tests";
}

function testUnless(reason: string | null) {
  const { each } = reason === null ? test : test.skip;
  const one = (title: string, body: () => Promise<void>, ms?: number): void => {
    if (reason === null) test(title, body, ms);
    else test.skip(`${title}: ${reason}`, body, ms);
  };
  return Object.assign(one, { each });
}

export const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export async function makeDirectory(): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), "errand-sandbox-"));
  await chmod(directory, 0o755);
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) };
}

export function settingsFor(directory: string, changes: Partial<SandboxSettings> = {}): SandboxSettings {
  return {
    driver: "bwrap",
    directory,
    user: firstUser,
    limits: { ...defaultSandboxLimits, wallMs: 60_000 },
    registries: [],
    tools: [],
    container: { runtime: "docker", image: "none" },
    ...changes,
  };
}

export async function openFor(
  settings: SandboxSettings,
  changes: Partial<SandboxSetup> = {},
): Promise<SandboxState> {
  return await openSandbox({
    settings,
    log: quiet,
    dependencies: { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) },
    openRoad: () => Promise.reject(new Error("no road")),
    variables: {},
    selfTest: () => Promise.resolve(null),
    ...changes,
  });
}

/** Throws with the reason where there is none. */
export async function readySandbox(
  settings: SandboxSettings,
  changes: Partial<SandboxSetup> = {},
): Promise<Sandbox> {
  const state = await openFor(settings, changes);
  if (state.kind === "unavailable") throw new Error(`${state.why} ${state.remedy}`);
  return state.sandbox;
}

/** The files as tar, in pieces that end anywhere. */
export async function treeOf(files: Readonly<Record<string, string>>): Promise<SandboxRequest["tree"]> {
  const folder = await mkdtemp(join(tmpdir(), "errand-tree-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const tar = execFileSync("tar", ["-c", "-f", "-", "-C", folder, "."], { maxBuffer: 256 * megabyte });
    return async function* () {
      for (let at = 0; at < tar.length; at += 7000) yield await Promise.resolve(tar.subarray(at, at + 7000));
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const plainTree = await treeOf({ "a.txt": "text of a\n", "sub/b.txt": "text of b\n" });

/** A request for a shell script on a tree of two files. */
export function request(script: string, changes: Partial<SandboxRequest> = {}): SandboxRequest {
  return {
    tree: plainTree,
    argv: ["/bin/bash", "-c", script],
    network: "none",
    cache: null,
    returns: [],
    reports: [],
    signal: new AbortController().signal,
    ...changes,
  };
}

/** Ids of processes whose command line or user says that they are of a sandbox of these tests. */
export function sandboxProcesses(mark: string): string[] {
  const lines = execFileSync("ps", ["-eo", "pid=,uid=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.includes(mark) && !line.includes("ps -eo"));
}

export function text(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : Buffer.from(bytes).toString("utf8");
}
