import { existsSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "@jest/globals";
import { AppError } from "../../../src/core/errors.ts";
import type { Sandbox, SandboxEnd, SandboxRequest, SandboxResult } from "../../../src/core/sandbox.ts";
import { setOutLures } from "../../../src/workspace/sandbox/probe/lures.ts";
import {
  attempts,
  runAttempts,
  selfTest,
  selfTestProblem,
} from "../../../src/workspace/sandbox/probe/self-test.ts";

function result(ended: SandboxEnd, stdout = "", stderr = ""): SandboxResult {
  return {
    ended,
    stdout: { text: stdout, cutBytes: 0 },
    stderr: { text: stderr, cutBytes: 0 },
    reports: new Map(),
    returned: new Map(),
    missing: [],
    usage: { wallMs: 1, cpuMs: null, peakMemoryBytes: null },
  };
}

function scripted(
  run: (request: SandboxRequest) => SandboxResult | Promise<SandboxResult>,
  driver: Sandbox["driver"] = "bwrap",
): Sandbox & { readonly requests: SandboxRequest[] } {
  const requests: SandboxRequest[] = [];
  return {
    requests,
    driver,
    run: async (request) => {
      requests.push(request);
      return await run(request);
    },
    dependencies: { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) },
  };
}

const exit = (code: number): SandboxEnd => ({ kind: "exit", code });
const isBatch = ({ returns }: SandboxRequest) => returns.length > 0;
const contained = { name: "a", contained: true, evidence: "refused", remedy: null };

describe("the attempts", () => {
  it("are many, each with its own name and described", () => {
    expect(attempts.length).toBeGreaterThan(100);
    expect(new Set(attempts.map(({ name }) => name)).size).toBe(attempts.length);
    expect(
      attempts.filter(({ tries, contained: looks }) => !tries.endsWith(".") || !looks.endsWith(".")),
    ).toEqual([]);
  });

  it.each(runAttempts)("tell a sandbox that limits nothing: $name", ({ name, judge }) => {
    const unlimited =
      name === "killing all that it can"
        ? result({ kind: "limit", limit: "wall" })
        : result(exit(0), "got 1000000\n");
    expect(judge(unlimited)).toMatchObject({ contained: false });
  });

  it.each(runAttempts.filter(({ argv }) => argv({ token: "x" })[0] === "perl"))(
    "tell a program that could not be started: $name",
    ({ judge }) => {
      expect(judge(result(exit(127), "", "perl: not found"))).toMatchObject({ contained: false });
    },
  );
});

describe("the self-test", () => {
  it("asks for perl where there is none", async () => {
    const report = await selfTest(scripted(() => result(exit(127), "", "sh: perl: not found")));
    expect(report.attempts.every((finding) => finding.contained)).toBe(false);
    expect(selfTestProblem(report)).toEqual({
      why: expect.stringContaining("(could not be tried: there is no perl)"),
      remedy: "Install perl (Debian and Ubuntu: perl-base).",
    });
  });

  it("hands on what the sandbox itself says is the matter", async () => {
    const error = new AppError("sandbox", "There are no user namespaces.", {
      retryable: false,
      remedy: "Switch them on.",
    });
    const report = await selfTest(scripted(() => Promise.reject(error)));
    expect(report.attempts.filter((finding) => finding.contained).map(({ name }) => name)).toEqual([
      "the machine's services, seen from outside",
    ]);
    expect(selfTestProblem(report)).toEqual({
      why: expect.stringContaining("There are no user namespaces."),
      remedy: "Switch them on.",
    });
  });

  it("takes an attempt that nothing was heard of for an escape", async () => {
    const sandbox = scripted((request) =>
      isBatch(request)
        ? result(
            { kind: "signal", signal: "SIGSEGV" },
            "#0 c refused\n#1 e opened\n#2 u no process\n#3 x what\n",
          )
        : result({ kind: "limit", limit: "memory" }),
    );
    const {
      attempts: [first, second, third, fourth, fifth],
    } = await selfTest(sandbox);
    expect(first).toMatchObject({ contained: true, evidence: "refused" });
    expect(second).toMatchObject({ contained: false, evidence: "opened" });
    expect(third).toMatchObject({ contained: false, evidence: "could not be tried: no process" });
    for (const untold of [fourth, fifth]) {
      expect(untold).toMatchObject({
        contained: false,
        evidence: "could not be tried: the probe ended early: SIGSEGV",
      });
    }
  });

  it("tells the machine's file in what comes back, and a listener that was reached", async () => {
    const sandbox = scripted(async (request) => {
      if (!isBatch(request)) return result(exit(0), "got 0\n");
      const program = request.argv.at(-1) ?? "";
      const path = /file=>'([^']+)'/.exec(program)?.[1] ?? "";
      const token = /token=>'([^']+)'/.exec(program)?.[1] ?? "";
      const port = Number(/port4=>(\d+)/.exec(program)?.[1]);
      expect(existsSync(path)).toBe(true);
      await new Promise((done) => connect(port, "127.0.0.1").on("close", done).on("error", done).resume());
      return { ...result(exit(0)), returned: new Map([["probe-link", Buffer.from(token)]]) };
    });
    const report = await selfTest(sandbox);
    const find = (name: string) => report.attempts.find((finding) => finding.name === name);
    expect(find("the machine's files by what is sent back")).toMatchObject({ contained: false });
    expect(find("the machine's services, seen from outside")).toMatchObject({
      contained: false,
      evidence: "listeners were reached 1 times",
    });
  });

  it("tells processes that live on", async () => {
    const { spawn } = await import("node:child_process");
    const children: { kill: () => unknown }[] = [];
    const sandbox = scripted((request) => {
      const token = /errand-probe-[0-9a-f]{24}-[0-9]+-[a-z]+/.exec(request.argv.join(" "))?.[0];
      if (token !== undefined) children.push(spawn("sh", ["-c", "sleep 30; :", token], { stdio: "ignore" }));
      return result(exit(0), "got 0\n");
    });
    const report = await selfTest(sandbox);
    for (const child of children) child.kill();
    expect(report.attempts.find(({ name }) => name === "going on after the end")).toMatchObject({
      contained: false,
      evidence: "1 processes are still alive",
    });
  });

  it("runs nothing where nothing would hold it", async () => {
    const none = scripted(() => result(exit(0)), "none");
    expect(selfTestProblem(await selfTest(none))?.why).toContain("this driver isolates nothing");
    const other = scripted(() => result(exit(0)));
    expect(selfTestProblem(await selfTest(other, { arch: "riscv64" }))?.remedy).toBe(
      "Use an x64 or arm64 machine.",
    );
    expect([...none.requests, ...other.requests]).toEqual([]);
  });

  it("ends when it is told to", async () => {
    const reason = new Error("The worker stops.");
    const controller = new AbortController();
    const sandbox = scripted((request) => {
      controller.abort(reason);
      request.signal.throwIfAborted();
      return result(exit(0));
    });
    await expect(selfTest(sandbox, { signal: controller.signal })).rejects.toBe(reason);
  });

  it("gives the whole of it no network, no dependencies and limits", async () => {
    const sandbox = scripted(() => result(exit(0)));
    await selfTest(sandbox, { extent: "all" });
    expect(sandbox.requests).toHaveLength(1 + runAttempts.length);
    for (const { network, cache, limits } of sandbox.requests) {
      expect([network, cache]).toEqual(["none", null]);
      expect(limits?.memoryBytes).toBeLessThanOrEqual(1024 ** 3);
      expect(limits?.wallMs).toBeLessThanOrEqual(60_000);
    }
  });
});

describe("what is said of it", () => {
  it("is nothing where all was contained, and something where nothing was tried", () => {
    expect(selfTestProblem({ attempts: [contained] })).toBeNull();
    expect(selfTestProblem({ attempts: [] })).toMatchObject({ why: "The sandbox was not tried." });
  });

  it("names the first three escapes and how many more there are", () => {
    const escaped = ["b", "c", "d", "e", "f"].map((name) => ({
      ...contained,
      name,
      contained: false,
      evidence: `saw ${name}`,
    }));
    expect(selfTestProblem({ attempts: [contained, ...escaped] })?.why).toBe(
      "The sandbox does not hold: b (saw b); c (saw c); d (saw d); and 2 more.",
    );
    expect(selfTestProblem({ attempts: [contained, ...escaped.slice(0, 1)] })?.why).toBe(
      "The sandbox does not hold: b (saw b).",
    );
  });
});

describe("the lures", () => {
  it("are there, tell when they are reached, and go", async () => {
    const set = await setOutLures();
    const reach = (where: { port: number } | { path: string }) =>
      new Promise<boolean>((done) => {
        const socket = connect(where);
        socket.on("connect", () => {
          socket.resume();
        });
        socket.on("close", (failed) => {
          done(!failed);
        });
        socket.on("error", () => undefined);
      });
    const { port4, socketPath, abstractName, filePath } = set.lures;
    const all = [{ port: port4 }, { path: socketPath }, { path: `\0${abstractName}` }];
    for (const lure of all) expect(await reach(lure)).toBe(true);
    expect(set.reached()).toBe(3);
    await set.takeAway();
    for (const lure of all) expect(await reach(lure)).toBe(false);
    expect(existsSync(filePath)).toBe(false);
  });
});
