// Each limit ends a run by its name; nothing that was started is left.
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import type { Sandbox, SandboxLimits, SandboxRequest } from "../../../src/core/sandbox.ts";
import { keptOutputBytes } from "../../../src/core/sandbox.ts";
import {
  makeDirectory,
  megabyte,
  readySandbox,
  request,
  rootTest,
  sandboxProcesses,
  sandboxTest,
  settingsFor,
  text,
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

async function run(
  script: string,
  limits: Partial<SandboxLimits> = {},
  changes: Partial<SandboxRequest> = {},
) {
  return await sandbox.run(request(script, { limits, ...changes }));
}

describe("limits", () => {
  sandboxTest("of the clock, for a program that hangs and a daemon that ignores signals", async () => {
    const script = "(trap '' TERM HUP INT; setsid sleep 7311) & exec sleep 7311";
    const result = await run(script, { wallMs: 700 }, { returns: ["a.txt"], reports: ["r.xml"] });
    expect(result.ended).toEqual({ kind: "limit", limit: "wall" });
    expect(result.missing).toEqual([
      { path: "a.txt", why: "was not read, because the run passed a limit" },
      { path: "r.xml", why: "was not read, because the run passed a limit" },
    ]);
    expect(sandboxProcesses("sleep 7311")).toEqual([]);
  });

  sandboxTest("of processor time, for one process and for several together", async () => {
    expect((await run("while :; do :; done", { cpuMs: 1000 })).ended).toEqual({
      kind: "limit",
      limit: "cpu",
    });
    const several = "for n in 1 2 3; do (while :; do :; done) & done; while :; do :; done";
    expect((await run(several, { cpuMs: 1000 })).ended).toEqual({ kind: "limit", limit: "cpu" });
  });

  sandboxTest("of memory", async () => {
    const script = "exec node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))'";
    const result = await run(script, { memoryBytes: 300 * megabyte });
    expect(result.ended).toEqual({ kind: "limit", limit: "memory" });
  });

  rootTest(
    "of memory, also where the program goes on without the process that took it, and for files",
    async () => {
      const hog = "node -e 'const kept = []; for (;;) kept.push(Buffer.alloc(1e7, 1))'";
      const goesOn = await run(`${hog}; exit 0`, { memoryBytes: 200 * megabyte });
      expect(goesOn.ended).toEqual({ kind: "limit", limit: "memory" });
      expect(goesOn.usage.peakMemoryBytes).toBeGreaterThan(150 * megabyte);
      const files = await run("head -c 150000000 /dev/zero >f; exit 0", { memoryBytes: 100 * megabyte });
      expect(files.ended).toEqual({ kind: "limit", limit: "memory" });
    },
  );

  sandboxTest("of processes, for a fork bomb", async () => {
    const result = await run("b() { b | b & }; b; sleep 7312", { processes: 40 });
    expect(result.ended).toEqual({ kind: "limit", limit: "processes" });
    expect(sandboxProcesses("sleep 7312")).toEqual([]);
  });

  sandboxTest("of output, with the first and the last part of what was read", async () => {
    const flood = await run("yes", { outputBytes: 4 * megabyte });
    expect(flood.ended).toEqual({ kind: "limit", limit: "output" });
    expect(flood.stdout.text.length).toBe(keptOutputBytes);
    expect(flood.stdout.cutBytes).toBeGreaterThan(2 * megabyte);
    const both = await run("(yes >&2) & yes", { outputBytes: megabyte });
    expect(both.ended).toEqual({ kind: "limit", limit: "output" });
  });

  sandboxTest("output within the limit and above what is kept is cut in the middle", async () => {
    const { ended, stdout } = await run("echo first; head -c 3000000 /dev/zero | tr '\\0' x; echo last");
    expect(ended).toEqual({ kind: "exit", code: 0 });
    expect(stdout.text.startsWith("first\nx")).toBe(true);
    expect(stdout.text.endsWith("xlast\n")).toBe(true);
    expect(stdout.text.length + stdout.cutBytes).toBe(3_000_011);
  });

  sandboxTest("of the disk: named where the program fails with everything full", async () => {
    const limits = { diskBytes: 64 * megabyte };
    const full = await run("cat /dev/zero >f; exit 3", limits, { returns: ["a.txt"] });
    expect(full.ended).toEqual({ kind: "limit", limit: "disk" });
    expect(text(full.returned.get("a.txt"))).toBe("text of a\n");
    expect((await run("cat /dev/zero >/tmp/f; exit 3", limits)).ended).toEqual({
      kind: "limit",
      limit: "disk",
    });
    expect((await run("cat /dev/zero >f; exit 0", limits)).ended).toEqual({ kind: "exit", code: 0 });
    expect((await run("cat /dev/zero >f; rm f; exit 3", limits)).ended).toEqual({ kind: "exit", code: 3 });
  });

  sandboxTest("of the disk, for a tree that does not fit", async () => {
    const tree = request("").tree;
    const big = async function* () {
      // A header of ustar for one file of 32 MB, then its bytes.
      const header = Buffer.alloc(512);
      header.write("big");
      header.write("0000644\0", 100);
      header.write("00200000000\0", 124);
      header.write("00000000000\0", 136);
      header.write("        0", 148);
      header.write("ustar\x0000", 257);
      header.write(
        `${header
          .reduce((sum, byte) => sum + byte, 0)
          .toString(8)
          .padStart(6, "0")}\0 `,
        148,
      );
      yield header;
      for (let sent = 0; sent < 32; sent += 1) yield Buffer.alloc(megabyte, "x");
      yield* tree();
    };
    const result = await run("true", { diskBytes: 16 * megabyte }, { tree: big });
    expect(result.ended).toEqual({ kind: "limit", limit: "disk" });
  });
});

describe("a program that fights", () => {
  sandboxTest("cannot kill its supervisor, and what it left running is gone", async () => {
    const script =
      "kill -9 1; kill -TERM 1 $PPID; kill -9 $PPID; setsid sleep 7313 & (setsid nohup sleep 7313 &); echo alive; exit 5";
    const result = await run(script, {}, { returns: ["a.txt"] });
    expect(result.ended).toEqual({ kind: "exit", code: 5 });
    expect(result.stdout.text).toBe("alive\n");
    expect(text(result.returned.get("a.txt"))).toBe("text of a\n");
    expect(sandboxProcesses("sleep 7313")).toEqual([]);
  });

  sandboxTest("cannot pass links off as reports, nor keep what it deleted", async () => {
    const script = "rm a.txt; ln -s /etc/passwd /reports/r.xml; ln -s /reports /project/d";
    const result = await run(script, {}, { returns: ["a.txt", "d/r.xml"], reports: ["r.xml"] });
    expect(result.returned.size + result.reports.size).toBe(0);
    expect(result.missing.map(({ why }) => why)).toEqual([
      "is not there",
      "is a symbolic link, or lies behind one",
      "is a symbolic link, or lies behind one",
    ]);
  });

  sandboxTest("cannot speak for its supervisor through its descriptor", async () => {
    const script = "for f in /proc/1/fd/*; do printf 'end 0\\ndone\\n' >$f; done 2>/dev/null; exit 9";
    expect((await run(script)).ended).toEqual({ kind: "exit", code: 9 });
  });

  sandboxTest("cannot change a file between the end and its return", async () => {
    const script =
      "(setsid sh -c 'while :; do echo later >a.txt; rm a.txt; ln -s /etc/passwd a.txt; rm a.txt; done' &) ; sleep 0.2";
    const result = await run(script, {}, { returns: ["a.txt"] });
    expect(result.ended).toEqual({ kind: "exit", code: 0 });
    expect(["later\n", "", null]).toContain(text(result.returned.get("a.txt")));
  });
});
