// The command line of a container: every wall and every bound is in it, and nothing of the repository can get in front of the image.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mostReportBytes, mostReturnedBytes } from "../../../../src/core/sandbox.ts";
import { containerArguments } from "../../../../src/workspace/sandbox/container/arguments.ts";
import type { ContainerRun } from "../../../../src/workspace/sandbox/container/arguments.ts";

const run: ContainerRun = {
  name: "errand-1",
  image: "docker.io/library/node:22-bookworm",
  gvisor: false,
  user: 60_800,
  processors: 2,
  limits: {
    wallMs: 60_000,
    cpuMs: 90_500,
    memoryBytes: 1_000_000_000,
    processes: 256,
    outputBytes: 1_000_000,
    diskBytes: 500_000_000,
  },
  files: { returns: 1, reports: 2 },
  dependencies: {
    readOnly: [{ from: "/srv/sandbox/abc/project/node_modules", to: "/project/node_modules" }],
    writable: [],
    scratch: ["/project/node_modules/.cache"],
    mounted: ["node_modules"],
  },
  environment: { CI: "true", WORDS: "a b\nc" },
  script: "echo script",
  argv: ["npm", "test"],
};

describe("the words of a container", () => {
  it("are these, to the letter", () => {
    expect(containerArguments(run)).toEqual([
      "run",
      "--rm",
      "--interactive",
      "--name=errand-1",
      "--pull=never",
      "--network=none",
      "--read-only",
      "--cap-drop=ALL",
      "--security-opt=no-new-privileges",
      "--user=60800:60800",
      "--hostname=sandbox",
      "--ipc=private",
      "--no-healthcheck",
      "--log-driver=none",
      "--pids-limit=256",
      "--memory=1000000000",
      "--memory-swap=1000000000",
      "--cpus=2",
      "--shm-size=67108864",
      "--ulimit=cpu=91:91",
      "--ulimit=fsize=500000000:500000000",
      "--ulimit=nofile=4096:4096",
      "--ulimit=core=0:0",
      "--tmpfs=/project:rw,exec,nosuid,nodev,mode=1777,size=343750000",
      "--tmpfs=/tmp:rw,exec,nosuid,nodev,mode=1777,size=125000000",
      "--tmpfs=/reports:rw,exec,nosuid,nodev,mode=1777,size=31250000",
      `--tmpfs=/frames:rw,exec,nosuid,nodev,mode=1777,size=${mostReturnedBytes + 2 * mostReportBytes + 65_536}`,
      "--tmpfs=/project/node_modules/.cache:rw,exec,nosuid,nodev,mode=1777,size=31250000",
      "--mount=type=bind,source=/srv/sandbox/abc/project/node_modules,target=/project/node_modules,readonly",
      "--env=CI=true",
      "--env=WORDS=a b\nc",
      "--workdir=/",
      "--entrypoint=/bin/sh",
      "docker.io/library/node:22-bookworm",
      "-c",
      "echo script",
      "sh",
      "npm",
      "test",
    ]);
  });

  it("ask for gVisor where it is there", () => {
    expect(containerArguments({ ...run, gvisor: true })).toContain("--runtime=runsc");
  });

  it("have nothing but options of ours in front of the image, whatever is run", () => {
    const word = fc.oneof(fc.string(), fc.constantFrom("--privileged", "--network=host", "-v/:/host", "--"));
    const some = fc.tuple(word, fc.array(word), fc.dictionary(fc.string({ minLength: 1 }), word));
    fc.assert(
      fc.property(some, ([first, rest, environment]) => {
        const words = containerArguments({ ...run, argv: [first, ...rest], environment });
        const image = words.indexOf(run.image);
        expect(words.slice(image)).toEqual([run.image, "-c", run.script, "sh", first, ...rest]);
        const options = words.slice(1, image);
        expect(options.every((option) => option.startsWith("--"))).toBe(true);
        expect(
          options.filter((option) => /^--(privileged|volume|device|cap-add|pid)(=|$)/.test(option)),
        ).toEqual([]);
        expect(options.filter((option) => option.startsWith("--mount="))).toHaveLength(1);
        expect(options.filter((option) => option.startsWith("--network"))).toEqual(["--network=none"]);
      }),
    );
  });
});
