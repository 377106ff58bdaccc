// The driver that isolates nothing: the same interface, the same ends, a warning each time, and nothing left in its folder.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import {
  makeDirectory,
  quiet,
  readySandbox,
  request,
  sandboxProcesses,
  settingsFor,
  text,
} from "./driver-support.ts";

let sandbox: Sandbox;
let place: Awaited<ReturnType<typeof makeDirectory>>;
const warnings: string[] = [];
beforeAll(async () => {
  place = await makeDirectory();
  const log = {
    ...quiet,
    warn: (_: Record<string, unknown>, message: string) => void warnings.push(message),
  };
  const selfTest = () => Promise.resolve({ why: "It leaks.", remedy: "It does." });
  sandbox = await readySandbox(settingsFor(place.directory, { driver: "none" }), { log, selfTest });
});
afterAll(async () => {
  await place.remove();
});

describe("no isolation", () => {
  test("runs on a copy, with paths as they are in a sandbox, and warns", async () => {
    const before = warnings.length;
    const script = "cat a.txt sub/b.txt >/reports/r.txt; ls /project; echo $MINE; exit 3";
    const environment = { MINE: "/dependencies/x:/projects/y" };
    const result = await sandbox.run(
      request(script, { returns: ["a.txt", "no"], reports: ["r.txt"], environment }),
    );
    expect(result.ended).toEqual({ kind: "exit", code: 3 });
    expect(result.stdout.text).toMatch(/^a\.txt\nsub\n\/.*\/dependencies\/x:\/projects\/y\n$/);
    expect(text(result.reports.get("r.txt"))).toBe("text of a\ntext of b\n");
    expect(text(result.returned.get("a.txt"))).toBe("text of a\n");
    expect(result.missing).toEqual([{ path: "no", why: "is not there" }]);
    expect(warnings.slice(before)).toEqual(["running code of a repository without a sandbox"]);
    expect(
      (await readdir(join(place.directory, "scratch"))).filter((name) => name.includes("-run-")),
    ).toEqual([]);
  });

  test("what a program says of where it is reads as it does in a sandbox", async () => {
    const script = "pwd; pwd >&2; echo at file://$PWD/a.txt:1:2 é >/reports/r.txt";
    const result = await sandbox.run(request(script, { reports: ["r.txt"] }));
    expect(result.stdout.text).toBe("/project\n");
    expect(result.stderr.text).toBe("/project\n");
    expect(text(result.reports.get("r.txt"))).toBe("at file:///project/a.txt:1:2 é\n");
  });

  test("has an environment of its own", async () => {
    const { stdout } = await sandbox.run(request("env | cut -d= -f1 | sort | tr '\\n' ' '"));
    expect(stdout.text.trim()).toBe("CI HOME LANG NO_COLOR OLDPWD PATH PWD SHLVL TMPDIR TZ _");
  });

  test("ends at its limits, with its process group; a daemon's output is not waited for", async () => {
    const limits = { wallMs: 500 };
    const hanging = await sandbox.run(request("sleep 7331 & sleep 7331", { limits }));
    expect(hanging.ended).toEqual({ kind: "limit", limit: "wall" });
    expect(sandboxProcesses("sleep 7331")).toEqual([]);
    const left = await sandbox.run(request("sleep 7332 & exit 4"));
    expect(left.ended).toEqual({ kind: "exit", code: 4 });
    expect(sandboxProcesses("sleep 7332")).toEqual([]);
    const cpu = await sandbox.run(request("while :; do :; done", { limits: { cpuMs: 500 } }));
    expect(cpu.ended).toEqual({ kind: "limit", limit: "cpu" });
  });
});
