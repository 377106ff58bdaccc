// Folders of one process: gone when it says so, and when it was killed, by the next one's hand.
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { takeFolder } from "../../src/workspace/own-folder.ts";

let parent = "";
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "own-folder-test-"));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

/** The number of a process that has ended. */
const deadPid = (): number => spawnSync("true").pid;

/** What a process leaves that is killed. */
async function left(name: string, pid: number): Promise<void> {
  await mkdir(join(parent, name, "deep"), { recursive: true });
  await writeFile(join(parent, name, "deep", "file"), "x");
  const owner = { id: "a", pid, host: hostname(), started: "1" };
  await writeFile(join(parent, `${name}.owner`), JSON.stringify(owner));
}

describe("a folder of this process", () => {
  it("is there, empty and closed to others, until it is given back: then nothing is left", async () => {
    const { folder, dispose } = await takeFolder(parent, "fix-tests-");
    expect(await readdir(folder)).toEqual([]);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    await writeFile(join(folder, "file"), "x");
    await dispose();
    expect(await readdir(parent)).toEqual([]);
  });

  it("is not taken away by the next one, while its process lives", async () => {
    const first = await takeFolder(parent, "fix-tests-");
    const second = await takeFolder(parent, "fix-tests-");
    expect(await readdir(first.folder)).toEqual([]);
    await Promise.all([first.dispose(), second.dispose()]);
    expect(await readdir(parent)).toEqual([]);
  });
});

describe("what killed processes left", () => {
  it("is removed by the next one of the same kind, and nothing else is", async () => {
    await left("fix-tests-dead", deadPid());
    await left("other-dead", deadPid());
    await mkdir(join(parent, "fix-tests-nobody-knows-whose"));
    const { folder, dispose } = await takeFolder(parent, "fix-tests-");
    expect((await readdir(parent)).toSorted()).toEqual(
      [
        folder.slice(parent.length + 1),
        `${folder.slice(parent.length + 1)}.owner`,
        "fix-tests-nobody-knows-whose",
        "other-dead",
        "other-dead.owner",
      ].toSorted(),
    );
    await dispose();
  });

  it("is removed where a later process got the number", async () => {
    await left("fix-tests-dead", process.pid);
    await (await takeFolder(parent, "fix-tests-")).dispose();
    expect(await readdir(parent)).toEqual([]);
  });
});
