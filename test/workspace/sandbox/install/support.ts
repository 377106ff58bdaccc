// Projects with lockfiles of their own package managers, and a sandbox that installs them from a registry of the test.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Sandbox, SandboxResult } from "../../../../src/core/sandbox.ts";
import { installPlans } from "../../../../src/checks/dependencies/index.ts";
import { createInstaller } from "../../../../src/checks/dependencies/install.ts";
import type { Installed, Installer } from "../../../../src/checks/dependencies/install.ts";
import { createDependencyFolders } from "../../../../src/workspace/sandbox/install/folders.ts";
import { installRoad } from "../../../../src/workspace/sandbox/install/road.ts";
import { makeDirectory, quiet, readySandbox, settingsFor, treeOf } from "../driver-support.ts";

type Files = Readonly<Record<string, string>>;

const run = promisify(execFile);
const modules = join(process.cwd(), "node_modules");

export const toolFolders = {
  pnpm: join(modules, "pnpm"),
  yarn: join(modules, "yarn"),
  berry: join(modules, "@yarnpkg", "cli-dist"),
};

/** The version of a package manager that is here. */
export async function versionOf(tool: keyof typeof toolFolders): Promise<string> {
  const manifest = JSON.parse(await readFile(join(toolFolders[tool], "package.json"), "utf8")) as unknown;
  return (manifest as { version: string }).version;
}

/** What writes a lockfile, on this machine and outside of the sandbox. */
const lockers = {
  npm: { file: "package-lock.json", argv: ["npm", "install", "--package-lock-only", "--ignore-scripts"] },
  pnpm: {
    file: "pnpm-lock.yaml",
    argv: [process.execPath, join(toolFolders.pnpm, "bin", "pnpm.cjs"), "install", "--lockfile-only"],
  },
  yarn: {
    file: "yarn.lock",
    argv: [process.execPath, join(toolFolders.yarn, "bin", "yarn.js"), "install", "--ignore-scripts"],
  },
  berry: {
    file: "yarn.lock",
    argv: [
      process.execPath,
      join(toolFolders.berry, "bin", "yarn.js"),
      "install",
      "--mode=update-lockfile",
      "--no-immutable",
    ],
  },
};

/** The files with the lockfile that the tool writes for them. */
export async function locked(tool: keyof typeof lockers, files: Files): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), "errand-locked-"));
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const { file, argv } = lockers[tool];
    const [program = "", ...rest] = argv;
    const env = { PATH: process.env["PATH"], HOME: folder, YARN_ENABLE_IMMUTABLE_INSTALLS: "false" };
    await run(program, rest, { cwd: folder, env });
    return { ...files, [file]: await readFile(join(folder, file), "utf8") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface Machine {
  readonly sandbox: Sandbox;
  /** Installs as for one task. `tree` names the files as git would. */
  readonly install: (files: Files, changes?: Partial<Installer> & { tree?: string }) => Promise<Installed>;
  /** Runs a line with what was installed, as a check does. */
  readonly check: (files: Files, installed: Installed, line: string) => Promise<SandboxResult>;
  readonly remove: () => Promise<void>;
}

export async function machineFor(registries: readonly string[]): Promise<Machine> {
  const { directory, remove } = await makeDirectory();
  const openRoad = installRoad({
    registries,
    upstream: null,
    certificates: null,
    node: await realpath(process.execPath),
  });
  const dependencies = createDependencyFolders({ directory, log: quiet });
  const sandbox = await readySandbox(settingsFor(directory), { dependencies, openRoad });
  const { signal } = new AbortController();
  return {
    sandbox,
    install: async (files, { tree = "1".repeat(40), ...changes } = {}) => {
      const found = {
        paths: Object.keys(files),
        read: (path: string) => Promise.resolve(files[path] ?? null),
      };
      const { plans } = await installPlans(found);
      const installer = createInstaller({
        sandbox,
        repository: "octo/app",
        setup: "",
        signal,
        record: () => undefined,
        ...changes,
      });
      return await installer({ tree, archive: await treeOf(files), files: found, plans });
    },
    check: async (files, installed, line) => {
      const ready = installed.kind === "ready" ? installed : null;
      return await sandbox.run({
        tree: await treeOf(files),
        argv: ["/bin/sh", "-c", line],
        environment: ready?.environment ?? {},
        network: "none",
        cache: ready?.mount ?? null,
        returns: [],
        reports: [],
        signal,
      });
    },
    remove,
  };
}
