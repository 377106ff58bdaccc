// The real sandbox and a registry of this machine, for package managers to write lockfiles anew.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import { installRoad } from "../../../src/workspace/sandbox/install/road.ts";
import { startRegistry } from "../../support/registry.ts";
import type { Registry } from "../../support/registry.ts";
import type { Files } from "./regenerate-merge.ts";
import { createFixture } from "../../workspace/fixture.ts";
import type { Fixture } from "../../workspace/fixture.ts";
import { makeDirectory, readySandbox, settingsFor } from "../../workspace/sandbox/driver-support.ts";

export interface World {
  readonly sandbox: Sandbox;
  readonly registry: Registry;
  readonly fixture: Fixture;
  /** Folder of the developers' own tools. */
  readonly home: string;
  readonly close: () => Promise<void>;
}

const versions = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"];
const inline = (name: string, all: readonly string[], dependencies: Readonly<Record<string, string>> = {}) =>
  all.map((version) => ({ name, version, dependencies }));

/** Packages of a shop, and the package managers themselves: everything that an install here asks for. */
export async function openWorld(): Promise<World> {
  const tools = ["pnpm", "yarn", "@yarnpkg/cli-dist"].map((name) => ({ folder: `node_modules/${name}` }));
  const registry = await startRegistry({
    packages: [
      ...inline("alpha", versions, { golf: "^1.0.0" }),
      ...inline("bravo", ["1.0.0"], { golf: "^1.0.0" }),
      ...inline("charlie", ["1.0.0"]),
      ...inline("delta", ["1.0.0"]),
      ...inline("golf", versions),
      ...tools,
    ],
  });
  const directory = await makeDirectory();
  const sandbox = await readySandbox(settingsFor(directory.directory), {
    openRoad: installRoad({
      registries: [registry.host],
      upstream: null,
      certificates: null,
      node: process.execPath,
    }),
  });
  const fixture = await createFixture();
  const home = await mkdtemp(join(tmpdir(), "errand-developer-"));
  return {
    sandbox,
    home,
    registry,
    fixture,
    close: async () => {
      await fixture.close();
      await directory.remove();
      await registry.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Where packages come from, for every tool. */
export function settingsOf({ url }: Registry): Files {
  return {
    ".npmrc": `registry=${url}\n`,
    ".yarnrc.yml": `npmRegistryServer: "${url.replace(/\/$/, "")}"\nunsafeHttpWhitelist:\n  - 127.0.0.1\n`,
  };
}

/** The lockfile that the tool makes of manifests alone, here and not in the sandbox: what a developer would have committed. */
export async function lockOf(
  { registry, home }: World,
  path: string,
  files: Files,
  draft = "",
): Promise<string> {
  const folder = await mkdtemp(join(home, "project-"));
  for (const [name, text] of Object.entries({ ...settingsOf(registry), ...files })) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  const name = draft === "" ? path : `${path} ${draft}`;
  const [program, ...args] = developers[name] ?? [];
  if (program === undefined) throw new Error(`No tool writes ${name}.`);
  const { PATH = "" } = process.env;
  const yarn = {
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_GLOBAL_CACHE: "1",
    YARN_CACHE_FOLDER: `${folder}-cache`,
  };
  const env = { PATH, HOME: home, ...yarn };
  await run(program, args, { cwd: folder, env });
  return await readFile(join(folder, path), "utf8");
}

const run = promisify(execFile);
const module = (name: string) => [process.execPath, resolve("node_modules", name)];

/** A later yarn is told from the first by the start of its lockfile. */
const developers: Readonly<Record<string, readonly string[]>> = {
  "package-lock.json": ["npm", "install", "--package-lock-only", "--no-audit", "--no-fund"],
  "pnpm-lock.yaml": [...module("pnpm/bin/pnpm.cjs"), "install", "--lockfile-only"],
  "yarn.lock": [...module("yarn/bin/yarn.js"), "install", "--non-interactive"],
  "yarn.lock __metadata": [...module("@yarnpkg/cli-dist/bin/yarn.js"), "install", "--mode=update-lockfile"],
};
