// The package managers of Node: which version a project wants, and its command that installs a lockfile as it is.
import { quoteWord } from "../shell/quote.ts";
import { nameOf } from "./folders.ts";
import { isClassic, pnpmVersion, yarnVersion } from "./node-versions.ts";
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
export function chooseTool(lock: NodeLock, packageManager: string, registry: string | null): NodeTool {
  switch (lock.name) {
    case "pnpm-lock.yaml":
      return pnpm(pnpmVersion(packageManager, lock.text));
    case "yarn.lock": {
      const version = yarnVersion(packageManager, lock.text);
      return isClassic(lock.text) ? classic(version, registry) : berry(version, registry);
    }
    case "npm-shrinkwrap.json":
    case "package-lock.json":
      return npm;
  }
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
