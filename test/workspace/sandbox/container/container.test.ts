// The driver `container` against a docker that is a script: how processes and files are handled. That a real runtime's walls hold was never tried here.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { spawn } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "@jest/globals";
import { defaultSandboxLimits } from "../../../../src/core/sandbox-settings.ts";
import type { SandboxSettings } from "../../../../src/core/sandbox-settings.ts";
import type { Sandbox, SandboxRequest } from "../../../../src/core/sandbox.ts";
import { openContainerSandbox } from "../../../../src/workspace/sandbox/container/index.ts";

let folder: string;
const stateFile = (name: string) => path.join(folder, "state", name);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "errand-container-"));
  for (const made of ["state/run", "state/cgroup", "tree"])
    mkdirSync(path.join(folder, made), { recursive: true });
  copyFileSync("test/workspace/sandbox/container/fake-docker.sh", path.join(folder, "docker"));
  writeFileSync(
    stateFile("info"),
    JSON.stringify({ NCPU: 2, MemoryLimit: true, PidsLimit: true, Runtimes: { runc: {} } }),
  );
  writeFileSync(stateFile("image"), "");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const settings: SandboxSettings = {
  driver: "container",
  directory: "/nowhere",
  user: 60_800,
  limits: { ...defaultSandboxLimits, wallMs: 20_000 },
  registries: [],
  tools: [],
  container: { runtime: "docker", image: "ci:1" },
};

const noDependencies = { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) };

const open = (): Promise<Sandbox> =>
  openContainerSandbox(settings, { PATH: `${folder}:/usr/bin:/bin`, APP_ID: "SECRET" }, noDependencies);

/** A tree of these files, packed by tar. */
function treeOf(files: Record<string, string>): SandboxRequest["tree"] {
  const from = path.join(folder, "tree");
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(from, name), text);
  return () => spawn("tar", ["-c", "-C", from, "."], { stdio: ["ignore", "pipe", "inherit"] }).stdout;
}

const request = (script: string, more: Partial<SandboxRequest> = {}): SandboxRequest => ({
  tree: treeOf({ "a.txt": "hello\n" }),
  argv: ["sh", "-c", script],
  network: "none",
  cache: null,
  returns: [],
  reports: [],
  signal: new AbortController().signal,
  ...more,
});

/** Nothing is left of any run. */
function expectNothingLeft(): void {
  expect(readdirSync(stateFile("run"))).toEqual([]);
}

describe("a run", () => {
  it("has the tree, its output by stream, and its exit status", async () => {
    const { run } = await open();
    const result = await run(request("cat a.txt; printf 'no end of line'; echo oops >&2; exit 3"));
    expect(result.ended).toEqual({ kind: "exit", code: 3 });
    expect(result.stdout).toEqual({ text: "hello\nno end of line", cutBytes: 0 });
    expect(result.stderr.text).toBe("oops\n");
    expectNothingLeft();
  });

  it("gives back what was declared, and says why where it does not", async () => {
    const { run } = await open();
    const result = await run(
      request("echo new >a.txt; ln -s a.txt link; mkdir folder", {
        returns: ["a.txt", "link", "folder", "gone"],
        reports: ["gone.xml"],
      }),
    );
    expect([...result.returned].map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["a.txt", "new\n"],
    ]);
    expect(result.missing.map(({ path: name, why }) => `${name} ${why}`)).toEqual([
      "link is a symbolic link, or lies behind one",
      "folder is not a regular file",
      "gone is not there",
      "gone.xml is not there",
    ]);
  });

  it("hands the program nothing of the worker's environment", async () => {
    const { run } = await open();
    await expect(run(request('[ -z "$APP_ID" ]'))).resolves.toMatchObject({ ended: { code: 0 } });
  });

  it.each([
    ["memory", "memory.events", "low 0\noom 1\noom_kill 1\n"],
    ["processes", "pids.events", "max 4\n"],
    ["cpu", "cpu.stat", "usage_usec 9000000000\n"],
  ])("that passed the limit on %s is told by the kernel's counts", async (limit, file, text) => {
    writeFileSync(stateFile(`cgroup/${file}`), text);
    const { run } = await open();
    await expect(run(request("exit 1"))).resolves.toMatchObject({ ended: { kind: "limit", limit } });
  });

  it("that hangs is killed with all that it started, and its container removed", async () => {
    const { run } = await open();
    const hanging = request("sleep 600 & sleep 600", { limits: { wallMs: 400 } });
    await expect(run(hanging)).resolves.toMatchObject({ ended: { kind: "limit", limit: "wall" } });
    expectNothingLeft();
    expect(readFileSync(stateFile("calls"), "utf8")).toContain("rm --force");
  });

  it("that floods its output is ended, and only the ends of it are kept", async () => {
    const { run } = await open();
    const result = await run(request("yes", { limits: { outputBytes: 3_000_000 } }));
    expect(result.ended).toEqual({ kind: "limit", limit: "output" });
    expect(result.stdout.text.length).toBeLessThanOrEqual(1024 * 1024);
    expectNothingLeft();
  });

  it("that is called off ends with the reason, and leaves nothing", async () => {
    const { run } = await open();
    const controller = new AbortController();
    const under = run(request("echo begun; sleep 600", { signal: controller.signal }));
    const begun = new Promise<void>((resolve) => {
      const look = setInterval(() => {
        if (readdirSync(stateFile("run")).length === 0) return;
        clearInterval(look);
        resolve();
      }, 10);
    });
    await begun;
    controller.abort(new Error("called off"));
    await expect(under).rejects.toThrow("called off");
    expectNothingLeft();
  });

  it("whose tree cannot be read ends with that error", async () => {
    const { run } = await open();
    // eslint-disable-next-line require-yield, @typescript-eslint/require-await -- a stream that fails before it gives anything
    const tree = async function* (): AsyncGenerator<Uint8Array> {
      throw new Error("no such object");
    };
    await expect(run(request("true", { tree }))).rejects.toThrow("no such object");
    expectNothingLeft();
  });

  it("that the runtime refuses says what the runtime said", async () => {
    const { run } = await open();
    writeFileSync(stateFile("refuse"), "");
    await expect(run(request("true"))).rejects.toMatchObject({
      code: "sandbox",
      message: expect.stringContaining("no space left on device") as unknown,
    });
  });

  it("whose container stays says which one, and how to remove it", async () => {
    const { run } = await open();
    writeFileSync(stateFile("stuck"), "");
    await expect(run(request("true"))).rejects.toMatchObject({
      code: "sandbox",
      message: expect.stringMatching(/The container errand-\S+ could not be removed: .*busy/) as unknown,
      remedy: expect.stringContaining("docker rm --force errand-") as unknown,
    });
  });

  it("has what a request puts in front of the image's PATH, and its variables", async () => {
    const { run } = await open();
    const environment = { PATH: "/dependencies/it's/bin", WORDS: "a b" };
    const result = await run(request('printf %s "$PATH"', { environment }));
    expect(result.stdout.text).toBe(`/dependencies/it's/bin:${folder}:/usr/bin:/bin`);
  });

  it.each([
    [{ returns: ["../../etc/passwd"] }, /not one inside/],
    [{ folder: "/etc" }, /not one inside/],
    [{ environment: { "A=B": "x" } }, /cannot be given the variable/],
  ])("is refused what leads out: %j", async (more, words) => {
    const { run } = await open();
    await expect(run(request("true", more))).rejects.toThrow(words);
  });

  it("with a network is refused: there is no way to the registries alone", async () => {
    const { run } = await open();
    for (const more of [{ network: "install" }, { cache: { directory: "/x", mode: "fill" } }] as const)
      await expect(run(request("true", more))).rejects.toThrow(/installs nothing/);
    expect(existsSync(stateFile("calls")) && readFileSync(stateFile("calls"), "utf8")).not.toContain("run ");
  });
});

describe("what is missing on the machine", () => {
  it.each([
    ["the runtime", "docker", /docker is not on the worker's PATH/],
    ["its service", "state/info", /docker info failed: Cannot connect/],
    ["the image", "state/image", /The image ci:1 is not on this machine: .*No such image/],
  ])("is told with a remedy: %s", async (_, gone, words) => {
    rmSync(path.join(folder, gone));
    const variables = { PATH: gone === "docker" ? folder : `${folder}:/usr/bin:/bin` };
    await expect(openContainerSandbox(settings, variables, noDependencies)).rejects.toMatchObject({
      code: "sandbox",
      message: expect.stringMatching(words) as unknown,
      remedy: expect.stringMatching(/\S/) as unknown,
    });
  });

  it.each([
    [{ NCPU: 2, MemoryLimit: false, PidsLimit: true, Runtimes: {} }, /cannot bound the memory/],
    [{ NCPU: 2, MemoryLimit: true, PidsLimit: false, Runtimes: {} }, /cannot bound the memory/],
    [{ hello: 1 }, /not understood/],
  ])("stops everything where no bound would hold: %j", async (info, words) => {
    writeFileSync(stateFile("info"), JSON.stringify(info));
    await expect(open()).rejects.toThrow(words);
  });
});
