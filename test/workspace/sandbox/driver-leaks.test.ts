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
  otherUserTest,
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

/** Workers are started by a compiler that may have to wait for other work of the machine. */
const slowMs = 240_000;

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
    slowMs,
  );

  sandboxTest(
    "of a worker that is killed, however it held on; the next one removes its folders",
    async () => {
      // Nobody else's: what another run of these tests left is not this one's.
      const mark = `sleep 7322.${process.pid}`;
      const worker = spawn(
        process.execPath,
        [
          "--import",
          "tsx",
          join(import.meta.dirname, "driver-process.ts"),
          place.directory,
          String(firstUser + 50),
          `(trap '' TERM; setsid ${mark} &) ; ${mark}`,
        ],
        { stdio: ["ignore", "ignore", "pipe"] },
      );
      let said = "";
      worker.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      // The program itself, twice: bubblewrap, whose arguments end like that too, is there before it has begun.
      const sleeping = () => sandboxProcesses(mark).filter((line) => /^ *\d+ +\d+ sleep \S+$/.test(line));
      await until(() => {
        if (worker.exitCode !== null) throw new Error(`The worker ended: ${said}`);
        return sleeping().length === 2;
      });
      worker.kill("SIGKILL");
      await once(worker, "exit");
      await until(() => sandboxProcesses(mark).length === 0);
      const folders = async () =>
        (await readdir(join(place.directory, "scratch"))).filter((name) =>
          name.startsWith(`${worker.pid ?? 0}-`),
        );
      expect(await folders()).not.toEqual([]);
      await readySandbox(settingsFor(place.directory));
      expect(await folders()).toEqual([]);
      const groups = execFileSync("find", ["/sys/fs/cgroup", "-name", `errand-run-${worker.pid ?? 0}-*`], {
        encoding: "utf8",
      });
      expect(groups).toBe("");
    },
    slowMs,
  );

  sandboxTest(
    "of a worker that was killed while bubblewrap was starting, once the next one is there",
    async () => {
      const file = join(place.directory, "etc", "passwd");
      const outer = await haltedStart(file);
      outer.kill("SIGKILL");
      await once(outer, "exit");
      expect(sandboxProcesses(file)).toHaveLength(1);
      await readySandbox(settingsFor(place.directory));
      expect(sandboxProcesses(file)).toEqual([]);
    },
    slowMs,
  );

  otherUserTest(
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
        // Each passes its limit and stays there, so that it does not matter when it is looked at.
        const hog =
          "const kept = []; while (kept.length < 60) kept.push(Buffer.alloc(1e7, 1)); setInterval(() => kept, 1e6)";
        const scripts = [
          "cat a.txt; exit 4",
          "for n in {1..80}; do sleep 7323 & done; wait",
          `exec node -e '${hog}'`,
          "for f in f /tmp/f; do head -c 200000000 /dev/zero >$f; done; sleep 7323",
          "for n in 1 2; do (while :; do :; done) & done; while :; do :; done",
        ];
        const printed = execFileSync(process.execPath, [...argv, ...scripts], {
          encoding: "utf8",
          env: { PATH: "/usr/bin:/bin" },
          uid: firstUser + 60,
          gid: firstUser + 60,
        });
        const results = printed
          .trim()
          .split("\n")
          .map((line): unknown => JSON.parse(line));
        expect(results).toMatchObject([
          { ended: { kind: "exit", code: 4 }, stdout: { text: "text of a\n" } },
          { ended: { kind: "limit", limit: "processes" } },
          { ended: { kind: "limit", limit: "memory" } },
          { ended: { kind: "limit", limit: "memory" } },
          { ended: { kind: "limit", limit: "cpu" } },
        ]);
        expect(sandboxProcesses(ordinary.directory)).toEqual([]);
      } finally {
        await ordinary.remove();
      }
    },
    slowMs,
  );
});

/** Bubblewrap at the place where its inner half waits for its outer one. As in a run, an argument has a file of the sandbox's directory. */
async function haltedStart(file: string) {
  const inside = [
    "--unshare-user",
    "--unshare-pid",
    "--as-pid-1",
    "--ro-bind",
    "/",
    "/",
    "--ro-bind",
    file,
    file,
  ];
  const outer = spawn("/usr/bin/bwrap", ["--userns-block-fd", "3", "--info-fd", "4", ...inside, "true"], {
    stdio: ["ignore", "ignore", "inherit", "pipe", "pipe"],
    // Nobody else is that user.
    ...(process.geteuid?.() === 0 ? { uid: firstUser + 70, gid: firstUser + 70 } : {}),
  });
  // It tells of its inner half once that is there.
  await once(outer.stdio[4] ?? outer, "data");
  return outer;
}

async function until(holds: () => boolean): Promise<void> {
  for (const giveUpMs = performance.now() + slowMs; !holds();) {
    if (performance.now() > giveUpMs) throw new Error("It never came to that.");
    await pause();
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10));
}
