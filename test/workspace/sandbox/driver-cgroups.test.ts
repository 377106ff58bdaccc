// Control groups: the real ones of this machine where they can be written, and folders that look like those of the second generation.
import { afterEach, describe, expect, test } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultSandboxLimits } from "../../../src/core/sandbox-settings.ts";
import { openControlGroups } from "../../../src/workspace/sandbox/cgroups.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

const pid = 4321;
const limits = { ...defaultSandboxLimits, memoryBytes: 1_000_000, processes: 10 };

/** The group "/service" of the second generation, with the text of its files. */
async function imitation(files: Readonly<Record<string, string>>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "errand-groups-"));
  folders.push(root);
  await mkdir(join(root, "service"));
  for (const [name, content] of Object.entries(files)) await writeFile(join(root, "service", name), content);
  return root;
}

describe("the second generation", () => {
  const delegated = {
    "cgroup.controllers": "cpu memory pids\n",
    "cgroup.subtree_control": "memory pids\n",
    "cgroup.procs": `${pid}\n`,
  };

  test("bounds memory and processes of a run, and reads what it used", async () => {
    const root = await imitation(delegated);
    const groups = await openControlGroups({ root, own: "0::/service\n", pid });
    expect(groups).toMatchObject({ generation: 2, bounds: { memory: true, processes: true, cpu: true } });
    const group = await groups?.create(limits);
    const joins = group?.joins ?? [];
    expect(joins).toEqual([expect.stringMatching(/\/service\/errand-run-[^/]+\/cgroup\.procs$/)]);
    const folder = dirname(joins[0] ?? "");
    expect(await readFile(join(folder, "memory.max"), "utf8")).toBe("1000000");
    expect(await readFile(join(folder, "memory.oom.group"), "utf8")).toBe("1");
    expect(await readFile(join(folder, "pids.max"), "utf8")).toBe("14");
    const nothing = { cpuMs: null, peakMemoryBytes: null, outOfMemory: false, outOfProcesses: false };
    expect(await group?.usage()).toEqual(nothing);
    await writeFile(join(folder, "cpu.stat"), "usage_usec 2500\nuser_usec 1\n");
    await writeFile(join(folder, "memory.peak"), "77\n");
    await writeFile(join(folder, "memory.events"), "low 0\noom 2\noom_kill 1\noom_group_kill 0\n");
    await writeFile(join(folder, "pids.events"), "max 3\n");
    const all = { cpuMs: 2.5, peakMemoryBytes: 77, outOfMemory: true, outOfProcesses: true };
    expect(await group?.usage()).toEqual(all);
  });

  test("moves this process into a leaf when it is alone there and the controllers must be handed on", async () => {
    const alone = await imitation({ ...delegated, "cgroup.subtree_control": "" });
    // As the kernel does while the group has members: the first attempt fails.
    await rm(join(alone, "service/cgroup.subtree_control"));
    await mkdir(join(alone, "service/cgroup.subtree_control"));
    expect(await openControlGroups({ root: alone, own: "0::/service\n", pid })).toBeNull();
    expect(await readFile(join(alone, "service/errand-worker/cgroup.procs"), "utf8")).toBe(String(pid));
  });

  test("moves nobody where others are members, and does without", async () => {
    const shared = await imitation({ ...delegated, "cgroup.procs": `1\n${pid}\n` });
    await rm(join(shared, "service/cgroup.subtree_control"));
    await mkdir(join(shared, "service/cgroup.subtree_control"));
    expect(await openControlGroups({ root: shared, own: "0::/service\n", pid })).toBeNull();
    expect(existsSync(join(shared, "service/errand-worker"))).toBe(false);
  });

  test("is not used where memory or processes cannot be bounded, or nothing is mounted", async () => {
    const bare = await imitation({ ...delegated, "cgroup.controllers": "cpu\n" });
    expect(await openControlGroups({ root: bare, own: "0::/service\n", pid })).toBeNull();
    expect(await openControlGroups({ root: "/nowhere", own: "0::/service\n4:memory:/\n", pid })).toBeNull();
    expect(await openControlGroups({ root: bare, own: "", pid })).toBeNull();
  });
});

const root = "/sys/fs/cgroup";
const own = await readFile("/proc/self/cgroup", "utf8").catch(() => "");
const real = await openControlGroups({ root, own, pid: process.pid });
const realTest = real === null ? test.skip : test;
if (real === null) console.warn("A test of real control groups is skipped: none can be made here.");

describe("the groups of this machine", () => {
  realTest("count a process that joined them, end it when it takes too much, and go away", async () => {
    const group = await real?.create({ ...limits, memoryBytes: 32 * 1024 * 1024, processes: 20 });
    const joins = group?.joins ?? [];
    const script =
      'for f; do echo 0 >"$f"; done; exec head -c 100000000 /dev/zero | tail -c 90000000 >/dev/null';
    spawnSync("/bin/bash", ["-c", script, "join", ...joins]);
    const usage = await group?.usage();
    expect(usage?.outOfMemory).toBe(true);
    expect(await group?.remove()).toBe(true);
    expect(joins.filter((file) => existsSync(dirname(file)))).toEqual([]);
  });
});
