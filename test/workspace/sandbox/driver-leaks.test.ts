// What is left when runs are over, when workers are killed, and when descriptors are handed down: nothing.
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import {
  firstUser,
  makeDirectory,
  readySandbox,
  request,
  rootTest,
  sandboxProcesses,
  sandboxTest,
  settingsFor,
} from "./driver-support.ts";

let sandbox: Sandbox;
let place: Awaited<ReturnType<typeof makeDirectory>>;
beforeAll(async () => {
  place = await makeDirectory();
  sandbox = await readySandbox(settingsFor(place.directory));
});
afterAll(async () => {
  await place.remove();
});

async function left() {
  const groups = execFileSync("find", ["/sys/fs/cgroup", "-name", `errand-run-${process.pid}-*`], {
    encoding: "utf8",
  });
  return {
    descriptors: (await readdir("/proc/self/fd")).length,
    files: (await readdir(place.directory, { recursive: true })).sort(),
    mounts: (await readFile("/proc/self/mountinfo", "utf8")).split("\n").length,
    processes: sandboxProcesses(place.directory),
    groups,
  };
}

describe("nothing is left", () => {
  sandboxTest(
    "after 100 runs, one after the other and several at a time",
    async () => {
      await sandbox.run(request("true"));
      const before = await left();
      const scripts = ["echo x", "exit 3", "(setsid sleep 7321 &) ; true", "kill -9 $$"];
      for (let round = 0; round < 80; round += 1) {
        await sandbox.run(request(scripts[round % scripts.length] ?? "", { returns: ["a.txt", "none"] }));
      }
      expect(await left()).toEqual(before);
      for (let round = 0; round < 5; round += 1) {
        const limits = { wallMs: 400 };
        const runs = ["sleep 7321", "yes", "exit 0", "cat a.txt"].map((script) =>
          sandbox.run(request(script, { limits })),
        );
        await Promise.all(runs);
      }
      const after = await left();
      expect({ ...after, files: [] }).toEqual({ ...before, files: [] });
      // Pipes are kept for as many runs as there were at a time.
      expect(after.files.filter((name) => !/-pipes-[^/]+\/[^/]+-(?:out|err)$/.test(name))).toEqual(
        before.files.filter((name) => !/-(?:out|err)$/.test(name)),
      );
      expect(after.files.filter((name) => /-(?:out|err)$/.test(name)).length).toBe(8);
      expect(sandboxProcesses("sleep 7321")).toEqual([]);
    },
    120_000,
  );

  sandboxTest(
    "of a worker that is killed, however it held on; the next one removes its folders",
    async () => {
      const worker = spawn(
        process.execPath,
        [
          "--import",
          "tsx",
          join(import.meta.dirname, "driver-process.ts"),
          place.directory,
          String(firstUser + 50),
          "(trap '' TERM; setsid sleep 7322 &) ; sleep 7322",
        ],
        { stdio: "ignore" },
      );
      const sleeping = () => sandboxProcesses("sleep 7322").filter((line) => line.endsWith(" sleep 7322"));
      while (sleeping().length < 2) await pause();
      worker.kill("SIGKILL");
      await once(worker, "exit");
      while (sleeping().length > 0) await pause();
      const folders = async () =>
        (await readdir(join(place.directory, "scratch"))).filter((name) =>
          name.startsWith(`${worker.pid ?? 0}-`),
        );
      expect(await folders()).not.toEqual([]);
      await readySandbox(settingsFor(place.directory));
      expect(await folders()).toEqual([]);
      expect(sandboxProcesses("sleep 7322")).toEqual([]);
      const groups = execFileSync("find", ["/sys/fs/cgroup", "-name", `errand-run-${worker.pid ?? 0}-*`], {
        encoding: "utf8",
      });
      expect(groups).toBe("");
    },
    60_000,
  );

  rootTest(
    "for an ordinary user's worker it works all the same, without control groups",
    async () => {
      const ordinary = await makeDirectory();
      try {
        execFileSync("chown", [String(firstUser + 60), ordinary.directory]);
        const argv = [
          "--import",
          "tsx",
          join(import.meta.dirname, "driver-process.ts"),
          ordinary.directory,
          "none",
        ];
        const run = (script: string) =>
          JSON.parse(
            execFileSync(process.execPath, [...argv, script], {
              encoding: "utf8",
              env: { PATH: "/usr/bin:/bin" },
              uid: firstUser + 60,
              gid: firstUser + 60,
            }),
          ) as unknown;
        expect(run("cat a.txt; exit 4")).toMatchObject({
          ended: { kind: "exit", code: 4 },
          stdout: { text: "text of a\n" },
        });
        expect(run("b() { b | b & }; b; sleep 7323")).toMatchObject({
          ended: { kind: "limit", limit: "processes" },
        });
        expect(run("exec node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))'")).toMatchObject(
          { ended: { kind: "limit", limit: "memory" } },
        );
        expect(run("for n in 1 2 3; do (while :; do :; done) & done; wait")).toMatchObject({
          ended: { kind: "limit", limit: "cpu" },
        });
        expect(sandboxProcesses(ordinary.directory)).toEqual([]);
      } finally {
        await ordinary.remove();
      }
    },
    60_000,
  );
});

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
