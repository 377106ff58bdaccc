// Real installs in the real sandbox, from a registry of our own: what is installed can be used and not written to, no script runs, and nothing else is reached.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest } from "@jest/globals";
import { startRegistry } from "../../../support/registry.ts";
import type { Registry } from "../../../support/registry.ts";
import { sandboxTest, treeOf } from "../driver-support.ts";
import { locked, machineFor, toolFolders, versionOf } from "./support.ts";
import type { Machine } from "./support.ts";

const canary = "touch /project/canary node_modules/canary /dependencies/canary; exit 1";
// Package managers start slowly where the processors are busy.
jest.setTimeout(180_000);

let registry: Registry;
let machine: Machine;

beforeAll(async () => {
  registry = await startRegistry({
    packages: [
      { name: "left", version: "1.0.0", dependencies: { right: "^2.0.0" } },
      { name: "right", version: "1.0.0" },
      {
        name: "right",
        version: "2.1.0",
        bin: { "right-hand": "bin.js" },
        files: { "bin.js": "#!/usr/bin/env node\nconsole.log('hand', require('./index.js') + 1);\n" },
        scripts: { preinstall: canary, install: canary, postinstall: canary },
      },
      { folder: toolFolders.pnpm },
      { folder: toolFolders.yarn },
      { folder: toolFolders.berry },
    ],
  });
  machine = await machineFor([registry.host]);
});

afterAll(async () => {
  await machine.remove();
  await registry.close();
});

const manifest = (more: Record<string, unknown> = {}) =>
  JSON.stringify({
    name: "app",
    version: "1.0.0",
    dependencies: { left: "1.0.0", right: "^2.0.0" },
    scripts: { prepare: canary, postinstall: canary, hello: "right-hand" },
    ...more,
  });
const npmrc = () => `registry=${registry.url}\n`;

async function project(tool: "npm" | "pnpm" | "yarn" | "berry") {
  const berry = `npmRegistryServer: "${registry.url.replace(/\/$/, "")}"\nunsafeHttpWhitelist: ["127.0.0.1"]\n`;
  const settings = tool === "berry" ? { ".yarnrc.yml": berry } : { ".npmrc": npmrc() };
  const field =
    tool === "npm" ? {} : { packageManager: `${tool === "berry" ? "yarn" : tool}@${await versionOf(tool)}` };
  return await locked(tool, { "package.json": manifest(field), ...settings });
}

describe.each([
  ["npm", "npm run hello"],
  ["pnpm", "pnpm run hello"],
  ["yarn", "yarn run hello"],
  ["berry", "yarn run hello"],
] as const)("packages of %s", (tool, hello) => {
  sandboxTest("are installed without scripts, once, and can be used but not written to", async () => {
    const files = await project(tool);
    const installed = await machine.install(files);
    expect(installed).toMatchObject({ kind: "ready" });
    const ran = await machine.check(
      files,
      installed,
      `${hello} && ls -a /project /dependencies node_modules`,
    );
    expect(ran.stderr.text).not.toContain("rror");
    expect(ran).toMatchObject({ ended: { kind: "exit", code: 0 } });
    expect(ran.stdout.text).toContain("hand 2");
    expect(ran.stdout.text).not.toContain("canary");

    for (const path of ["node_modules/left/index.js", "node_modules/new", "/dependencies/new"]) {
      const wrote = await machine.check(files, installed, `echo x > ${path}`);
      expect(wrote.ended).not.toEqual({ kind: "exit", code: 0 });
      expect(wrote.stderr.text).toMatch(/Read-only file system/);
    }
    const cached = await machine.check(files, installed, "echo x > node_modules/.cache/x");
    expect(cached.ended).toEqual({ kind: "exit", code: 0 });

    const asked = registry.requests().length;
    expect(await machine.install(files, { tree: "2".repeat(40) })).toEqual(installed);
    expect(registry.requests()).toHaveLength(asked);
  });
});

describe("folders of dependencies", () => {
  sandboxTest("are never shared by two repositories", async () => {
    const files = await project("npm");
    const [one, other] = [
      await machine.install(files, { repository: "octo/one" }),
      await machine.install(files, { repository: "octo/other" }),
    ];
    if (one.kind !== "ready" || other.kind !== "ready") throw new Error("not installed");
    expect(one.mount.directory).not.toBe(other.mount.directory);
    expect(existsSync(join(one.mount.directory, "project", "node_modules", "left"))).toBe(true);
    expect(existsSync(join(one.mount.directory, "project", "package.json"))).toBe(false);
  });

  sandboxTest("belong to one tree where the install takes more of it than its lockfile", async () => {
    const files = { ...(await project("npm")), ".npmrc": `${npmrc()}node-options=--require ./evil.js\n` };
    const [one, other] = [
      await machine.install(files, { tree: "3".repeat(40) }),
      await machine.install(files, { tree: "4".repeat(40) }),
    ];
    if (one.kind !== "ready" || other.kind !== "ready") throw new Error("not installed");
    expect(one.mount.directory).not.toBe(other.mount.directory);
  });

  sandboxTest(
    "name the packages that wanted a script, and let the repository's own command run it",
    async () => {
      const files = await project("npm");
      const plain = await machine.install(files);
      expect(plain).toMatchObject({
        setupDone: false,
        notes: [expect.stringContaining("`right` would have run one")],
      });
      const setup = "echo built > node_modules/right/built && ! cat < /dev/tcp/127.0.0.1/1";
      const installed = await machine.install(files, { setup });
      expect(installed).toMatchObject({ kind: "ready", setupDone: true, notes: [] });
      expect((await machine.check(files, installed, "cat node_modules/right/built")).stdout.text).toBe(
        "built\n",
      );
      expect((await machine.check(files, plain, "cat node_modules/right/built")).ended).not.toMatchObject({
        code: 0,
      });
    },
  );
});

describe("an install that cannot be", () => {
  sandboxTest("names a host that is not allowed, and reaches nothing", async () => {
    const other = await startRegistry({
      packages: [
        { name: "left", version: "1.0.0" },
        { name: "right", version: "2.0.0" },
      ],
    });
    try {
      const files = await locked("npm", {
        "package.json": manifest(),
        ".npmrc": `registry=${other.url}\nfetch-retries=0\n`,
      });
      const asked = other.requests().length;
      const installed = await machine.install(files);
      expect(installed).toEqual({
        kind: "failed",
        why: `Dependencies of package-lock.json could not be installed. The install wanted to reach ${other.host}, which is not an allowed registry: add it to ERRAND_SANDBOX_REGISTRIES if it should be.`,
      });
      expect(other.requests()).toHaveLength(asked);
    } finally {
      await other.close();
    }
  });

  sandboxTest("says that the lockfile is old, and is not tried again in the same task", async () => {
    const files = await project("npm");
    const stale = {
      ...files,
      "package.json": manifest({ dependencies: { left: "1.0.0", right: "1.0.0" } }),
    };
    const installed = await machine.install(stale);
    expect(installed).toEqual({
      kind: "failed",
      why: "Dependencies of package-lock.json could not be installed: it does not fit the manifest beside it. Run `npm install` and commit the result.",
    });
  });

  const bare = async (script: string) =>
    await machine.sandbox.run({
      tree: await treeOf({ "a.txt": "" }),
      argv: ["/bin/bash", "-c", script],
      network: "install",
      cache: null,
      returns: [],
      reports: [],
      signal: new AbortController().signal,
    });

  sandboxTest("has no other way out than the proxy", async () => {
    const { port } = new URL(registry.url);
    const knock = `for port in ${port} 22 3128; do (echo > /dev/tcp/127.0.0.1/$port) 2>/dev/null && echo open $port; done`;
    expect((await bare(`${knock}; echo done`)).stdout.text).toBe("open 3128\ndone\n");
  });

  sandboxTest("ends as its program does, with the way to the proxy in front of it", async () => {
    expect((await bare("exit 3")).ended).toEqual({ kind: "exit", code: 3 });
    expect((await bare("kill -SEGV $$")).ended).toEqual({ kind: "signal", signal: "SIGSEGV" });
    expect((await bare("sleep 600 & exit 0")).ended).toEqual({ kind: "exit", code: 0 });
  });
});
