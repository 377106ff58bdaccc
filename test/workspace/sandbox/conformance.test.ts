import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { BwrapSetup } from "../../../src/workspace/sandbox/bwrap/driver.ts";
import {
  attempts,
  selfTest,
  selfTestProblem,
  type SelfTest,
} from "../../../src/workspace/sandbox/probe/self-test.ts";
import { describeSandboxed } from "../../support/sandbox.ts";
import { changed, openRealSandbox, type Changes, type RealSandbox } from "./real-sandbox.ts";

const root = process.geteuid?.() === 0;
const slowMs = 240_000;

function escapes(report: Pick<SelfTest, "attempts">): string[] {
  return report.attempts.flatMap(({ name, contained }) => (contained ? [] : [name]));
}

describeSandboxed("the bubblewrap sandbox", () => {
  let real: RealSandbox;
  let report: SelfTest;
  beforeAll(async () => {
    real = await openRealSandbox();
    report = await selfTest(real.sandbox, { extent: "all" });
  }, slowMs);
  afterAll(() => {
    real.close();
  });

  it("was tried in every way", () => {
    expect(report.attempts.map(({ name }) => name).sort()).toEqual(attempts.map(({ name }) => name).sort());
  });

  it.each(attempts.map(({ name }) => name))("contains: %s", (name) => {
    expect(report.attempts.find((finding) => finding.name === name)).toMatchObject({ contained: true });
  });

  it("is trusted", () => {
    expect(selfTestProblem(report)).toBeNull();
  });

  it(
    "is tried at a worker's start by the same attempts, but for slow ones",
    async () => {
      const atStart = await selfTest(real.sandbox);
      expect(escapes(atStart)).toEqual([]);
      expect(atStart.attempts.length).toBeGreaterThan(100);
      expect(atStart.attempts.length).toBeLessThan(report.attempts.length);
    },
    slowMs,
  );
});

describeSandboxed("the bubblewrap sandbox of an ordinary user", () => {
  const repository = resolve(import.meta.dirname, "../../..");

  function whyNotAgain(): string | null {
    if (!root) return "Not run again: the tests above were of an ordinary user already.";
    const ls = spawnSync("setpriv", ["--reuid=64999", "--regid=64999", "--clear-groups", "ls", repository]);
    return ls.status === 0 ? null : `Not run: other users cannot read ${repository}.`;
  }

  it(
    "contains what it does for root",
    () => {
      const reason = whyNotAgain();
      if (reason !== null) {
        console.warn(reason);
        return;
      }
      const { stdout, stderr } = spawnSync(
        "setpriv",
        [
          ...["--reuid=64999", "--regid=64999", "--clear-groups"],
          ...[process.execPath, "--import", "tsx", join(import.meta.dirname, "probe-process.ts")],
        ],
        {
          cwd: repository,
          encoding: "utf8",
          env: { PATH: "/usr/bin:/bin", HOME: "/nonexistent", TMPDIR: "/tmp" },
        },
      );
      expect(stderr).toBe("");
      const report = JSON.parse(stdout) as Pick<SelfTest, "attempts">;
      expect(report.attempts).toHaveLength(attempts.length);
      expect(escapes(report)).toEqual([]);
    },
    slowMs,
  );
});

describeSandboxed("a sandbox with something taken away", () => {
  type Weakening = (setup: BwrapSetup, folder: string) => BwrapSetup;
  const asRoot = (setup: BwrapSetup): BwrapSetup => ({ ...setup, users: null });
  const cases: readonly {
    what: string;
    weaken: Changes | Weakening;
    told: readonly string[];
    ofRoot?: true;
  }[] = [
    {
      what: "the filter of system calls",
      weaken: { taken: [["--seccomp", "4"]] },
      told: [
        "system calls without a filter",
        "a user namespace of its own",
        "being traced",
        "another process's memory",
        "another personality",
        "typing into a terminal",
      ],
    },
    {
      what: "the network's namespace",
      weaken: { taken: [["--unshare-net"]] },
      told: [
        "a service of the machine, by 127.0.0.1",
        "a service of the machine, by an abstract socket",
        "the machine's connections",
        "sharing the network with the machine",
        "the machine's services, seen from outside",
      ],
    },
    {
      what: "the clean environment",
      weaken: { taken: [["--clearenv"]], variables: { ERRAND_CANARY: "x" } },
      told: ["the worker's environment", "other processes' environments"],
    },
    {
      what: "the supervisor's place as process 1, with the launcher's environment not empty",
      weaken: { taken: [["--as-pid-1"]], variables: { ERRAND_CANARY: "x" } },
      told: ["other processes' environments"],
    },
    {
      what: "the processes' namespace",
      weaken: { taken: [["--unshare-pid"], ["--as-pid-1"]] },
      told: ["sharing processes with the machine", "going on after the end"],
    },
    {
      what: "the names' and messages' namespaces",
      weaken: { taken: [["--unshare-ipc"], ["--unshare-uts"], ["--hostname", "sandbox"]] },
      told: [
        "the machine's name",
        "sharing messages and shared memory with the machine",
        "sharing the name with the machine",
      ],
    },
    {
      what: "the read-only root",
      weaken: {
        taken: [
          ["--remount-ro", "/"],
          ["--remount-ro", "/dev"],
        ],
      },
      told: ["writing outside of the folders that have a size"],
    },
    {
      what: "the loss of capabilities",
      weaken: { taken: [["--cap-drop", "ALL"]], added: ["--cap-add", "ALL"] },
      told: ["capabilities"],
    },
    {
      what: "the machine's folders out of sight",
      weaken: { added: ["/run", "/var", "/sys"].flatMap((path) => ["--ro-bind", path, path]) },
      told: ["folders of running services", "the machine's data folders", "the machine's devices"],
    },
    {
      what: "the machine's list of users out of sight",
      weaken: { taken: [["--dir", "/etc"]], added: ["--ro-bind", "/etc", "/etc"] },
      told: ["the machine's root folder and settings"],
    },
    {
      what: "closed descriptors",
      weaken: { leftOpen: "/etc/passwd" },
      told: ["descriptors that were left open", "the machine's files through an open descriptor"],
    },
    {
      what: "a user without rights",
      weaken: asRoot,
      told: ["being root outside"],
      ofRoot: true,
    },
    {
      what: "a user without rights, and read-only settings",
      weaken: (setup, folder) =>
        changed({ taken: [["--ro-bind", "/proc/sys", "/proc/sys"]] })(asRoot(setup), folder),
      told: ["being root outside", "the handler of crashes", "settings of the kernel"],
      ofRoot: true,
    },
  ];

  it.each(cases.filter(({ ofRoot }) => root || ofRoot === undefined))(
    "is told: without $what",
    async ({ weaken, told }) => {
      const real = await openRealSandbox(typeof weaken === "function" ? weaken : changed(weaken));
      try {
        const report = await selfTest(real.sandbox);
        expect(escapes(report)).toEqual(expect.arrayContaining([...told]));
        expect(escapes(report).length).toBeLessThan(40);
        expect(selfTestProblem(report)?.why).toContain("The sandbox does not hold: ");
      } finally {
        real.close();
      }
    },
    slowMs,
  );
});
