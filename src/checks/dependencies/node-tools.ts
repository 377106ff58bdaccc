// The package managers of Node: which version a project wants, and its command that installs a lockfile as it is.
import { valid } from "semver";
import { quoteWord } from "../shell/quote.ts";
import { nameOf } from "./folders.ts";
import { scratch, toolsFolder, toolsPath } from "./places.ts";
import { sandboxPaths } from "../../core/sandbox.ts";

export interface NodeLock {
  readonly name: "pnpm-lock.yaml" | "yarn.lock" | "npm-shrinkwrap.json" | "package-lock.json";
  readonly text: string;
}

export interface NodeTool {
  readonly name: "npm" | "pnpm" | "yarn";
  /** For a POSIX shell, in the folder of the lockfile. */
  readonly line: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly later: Readonly<Record<string, string>>;
  /** Whether the install loads code that is in one of these paths. */
  readonly runsCode: (deciding: readonly string[]) => boolean;
}

/** `registry`: where the tool itself is to come from, where npm's settings do not say it. */
export function chooseTool(
  lock: NodeLock,
  packageManager: string | undefined,
  registry: string | null,
): NodeTool {
  const wanted = parsePackageManager(packageManager);
  switch (lock.name) {
    case "pnpm-lock.yaml":
      return pnpm(wanted.pnpm ?? defaultPnpm(lock.text));
    case "yarn.lock":
      return lock.text.includes("__metadata:")
        ? berry(wanted.yarn ?? defaultBerry(lock.text), registry)
        : classic(wanted.yarn ?? "1.22.22", registry);
    case "npm-shrinkwrap.json":
    case "package-lock.json":
      return npm;
  }
}

/** The version of a field like "pnpm@9.15.0+sha512.…", by the tool's name. */
function parsePackageManager(field: string | undefined): { readonly pnpm?: string; readonly yarn?: string } {
  const found = /^(pnpm|yarn)@([^+\s]+)/.exec(field ?? "");
  const version = valid(found?.[2]);
  return found === null || version === null ? {} : { [found[1] ?? ""]: version };
}

const npm: NodeTool = {
  name: "npm",
  line: "npm ci --ignore-scripts --no-audit --no-fund",
  environment: {},
  later: {},
  runsCode: () => false,
};

/** Into a folder of its own, with the project's settings, which say from where packages come. */
function installTool(spec: string, registry: string | null): string {
  const from = registry === null ? "" : ` --registry ${quoteWord(registry)}`;
  return [
    `mkdir -p ${toolsFolder}`,
    `{ [ ! -f .npmrc ] || cp .npmrc ${toolsFolder}/; }`,
    `npm install --prefix ${toolsFolder} --ignore-scripts --no-audit --no-fund${from} ${quoteWord(spec)}`,
  ].join(" && ");
}

/** https://pnpm.io/compat: the newest version that writes this lockfile and runs on Node 20. */
function defaultPnpm(lock: string): string {
  const version = /^lockfileVersion: *['"]?(\d+)/m.exec(lock)?.[1];
  if (version === "5") return "7";
  return version === "6" ? "8" : "10";
}

function pnpm(version: string): NodeTool {
  return {
    name: "pnpm",
    line: `${installTool(`pnpm@${version}`, null)} && ${toolsPath}/pnpm install --frozen-lockfile --ignore-scripts`,
    environment: { npm_config_store_dir: `${scratch}/pnpm`, ...pnpmSettings },
    later: { PATH: toolsPath, ...pnpmSettings },
    runsCode: (deciding) => deciding.some((path) => /^\.?pnpmfile\.[cm]?js$/.test(nameOf(path))),
  };
}

/** It is the version that the project wants, and what is installed is not looked at again. */
const pnpmSettings = {
  npm_config_manage_package_manager_versions: "false",
  npm_config_verify_deps_before_run: "false",
};

function classic(version: string, registry: string | null): NodeTool {
  return {
    name: "yarn",
    line: `${installTool(`yarn@${version}`, registry)} && ${toolsPath}/yarn install --frozen-lockfile --ignore-scripts --non-interactive --no-progress`,
    environment: { YARN_CACHE_FOLDER: `${scratch}/yarn`, ...yarnSettings },
    later: { PATH: toolsPath, ...yarnSettings },
    runsCode: () => false,
  };
}

/** The version that the project wants is installed from the registry: its copy in the tree, which is code of the tree, is not run. */
const yarnSettings = { YARN_IGNORE_PATH: "1" };

/** The version of yarn that writes this lockfile (its `__metadata` version). */
function defaultBerry(lock: string): string {
  const version = Number(/^__metadata:\s+version: *["']?(\d+)/m.exec(lock)?.[1] ?? 8);
  if (version <= 4) return "2";
  return version <= 6 ? "3" : "4";
}

function berry(version: string, registry: string | null): NodeTool {
  const skipBuilds = version.startsWith("2") ? "--skip-builds" : "--mode=skip-build";
  const settings = {
    ...yarnSettings,
    // Packages as folders, in projects with Plug'n'Play too: what is mounted are folders.
    YARN_NODE_LINKER: "node-modules",
    YARN_INSTALL_STATE_PATH: `${sandboxPaths.dependencies}/yarn/install-state.gz`,
    YARN_ENABLE_GLOBAL_CACHE: "false",
    YARN_ENABLE_TELEMETRY: "0",
  };
  return {
    name: "yarn",
    line: `${installTool(`@yarnpkg/cli-dist@${version}`, registry)} && ${toolsPath}/yarn install --immutable ${skipBuilds}`,
    environment: { ...settings, YARN_CACHE_FOLDER: `${scratch}/yarn` },
    later: { PATH: toolsPath, ...settings, YARN_ENABLE_NETWORK: "false" },
    runsCode: (deciding) => deciding.some((path) => path.includes(".yarn/plugins/")),
  };
}
