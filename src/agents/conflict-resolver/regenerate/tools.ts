// Which tool writes a lockfile anew, with which command, from what: as plain data. Nothing in a line is text of the repository but checked version numbers.
import {
  isClassic,
  packageManagerOf,
  pnpmVersion,
  wantedVersion,
  yarnVersion,
} from "../../../checks/dependencies/node-versions.ts";

/** Files beside a lockfile, "" where there is none. */
interface ProjectTexts {
  /** The lockfile of the pull request. */
  readonly lock: string;
  /** package.json. */
  readonly manifest: string;
  /** .yarnrc.yml, or .yarnrc of yarn 1. */
  readonly settings: string;
}

/** The text that a lockfile has when its tool starts. */
export type StartFrom =
  /** The merge entry by entry, where no hunk of it is open. */
  | "merged"
  /** Both sides' entries, the higher of two versions, for the tool to put right. */
  | "rough"
  /** Git's own merge, with its markers: the tool reads them itself. */
  | "markers"
  /** The base branch's, with the pull request's versions forgotten where the manifests do not name them. */
  | "theirs";

export interface ToolPlan {
  readonly tool: "npm" | "pnpm" | "yarn" | "cargo" | "uv";
  /** For a POSIX shell inside the sandbox. */
  readonly line: string;
  /** Where it runs: the lockfile's folder, "" for the project's. */
  readonly folder: string;
  /** Variables beside those that the sandbox sets for an install. */
  readonly environment: Readonly<Record<string, string>>;
  /** The lockfile's path: all that comes back. */
  readonly returns: readonly [string];
  /** In the order in which they are tried: the next one where the text cannot be made, or the tool or the check refuses what came of it. */
  readonly startFrom: readonly StartFrom[];
  /** Names of the files that the tool reads, wherever they are: all of them have to be settled. */
  readonly reads: ReadonlySet<string>;
  /** Which of those say what is to be locked. */
  readonly manifests: ReadonlySet<string>;
}

type Tool = Pick<ToolPlan, "tool" | "line" | "environment" | "startFrom" | "reads" | "manifests">;

/** `null` for a file that no tool here writes. `texts` are of the merge, of files beside the lockfile. */
export function toolFor(path: string, texts: ProjectTexts): ToolPlan | null {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const name = path.slice(path.lastIndexOf("/") + 1);
  const tool = Object.hasOwn(tools, name) ? tools[name]?.(texts) : undefined;
  return tool === undefined ? null : { ...tool, folder, returns: [path] };
}

const nodeManifests: ReadonlySet<string> = new Set(["package.json", "pnpm-workspace.yaml"]);
const nodeFiles: ReadonlySet<string> = new Set([
  ...nodeManifests,
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  ".pnpmfile.mjs",
]);

function npm({ manifest }: ProjectTexts): Tool {
  const version = wantedVersion("npm", packageManagerOf(manifest));
  const program = version === null ? "npm" : `npx -y npm@${version}`;
  return {
    tool: "npm",
    line: `${program} install --package-lock-only --ignore-scripts --no-audit --no-fund`,
    environment: {},
    // Of two versions behind markers npm would take the pull request's, even if it is the lower.
    startFrom: ["merged", "rough", "markers"],
    reads: nodeFiles,
    manifests: nodeManifests,
  };
}

function pnpm({ manifest, lock }: ProjectTexts): Tool {
  const version = pnpmVersion(packageManagerOf(manifest), lock);
  return {
    tool: "pnpm",
    // It would leave the lockfile as it is where the variable CI is set.
    line: `npx -y pnpm@${version} install --lockfile-only --ignore-scripts --no-frozen-lockfile`,
    environment: {
      npm_config_manage_package_manager_versions: "false",
      pnpm_config_manage_package_manager_versions: "false",
    },
    // Of two versions behind markers pnpm takes the higher.
    startFrom: ["merged", "markers"],
    reads: nodeFiles,
    manifests: nodeManifests,
  };
}

function yarn({ lock, manifest, settings }: ProjectTexts): Tool {
  const version = yarnVersion(packageManagerOf(manifest), lock, settings);
  return isClassic(lock) ? classic(version) : berry(version);
}

const yarnEnvironment = { YARN_IGNORE_PATH: "1", YARN_ENABLE_TELEMETRY: "0" };

/** It has no mode that writes the lockfile alone: everything is installed into the sandbox's own copy. */
function classic(version: string): Tool {
  const flags =
    "--ignore-scripts --non-interactive --no-progress --ignore-engines --ignore-platform --no-bin-links";
  return {
    tool: "yarn",
    line: `npx -y yarn@${version} install ${flags}`,
    environment: yarnEnvironment,
    // Of two versions behind markers yarn 1 would take the base branch's, even if it is the lower.
    startFrom: ["merged", "rough", "markers"],
    reads: nodeFiles,
    manifests: nodeManifests,
  };
}

function berry(version: string): Tool {
  const mode = version.startsWith("2") ? "--skip-builds" : "--mode=update-lockfile";
  return {
    tool: "yarn",
    line: `npx -y -p @yarnpkg/cli-dist@${version} yarn install ${mode}`,
    environment: {
      ...yarnEnvironment,
      YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
      // The archives of a repository that keeps them are no part of what comes back.
      YARN_ENABLE_GLOBAL_CACHE: "1",
    },
    // Behind markers it asks git for both sides, and there is none.
    startFrom: ["merged", "rough"],
    reads: nodeFiles,
    manifests: nodeManifests,
  };
}

function cargo(): Tool {
  return {
    tool: "cargo",
    // Adds and removes what the manifests say, and leaves every other version as it is; `generate-lockfile` takes the newest of all.
    line: "cargo update --workspace",
    environment: {},
    startFrom: ["merged", "rough", "theirs"],
    reads: new Set(["Cargo.toml", "config.toml", "rust-toolchain.toml", "rust-toolchain"]),
    manifests: new Set(["Cargo.toml"]),
  };
}

function uv(): Tool {
  return {
    tool: "uv",
    line: "uv lock",
    environment: { UV_PYTHON_DOWNLOADS: "never" },
    startFrom: ["merged", "rough", "theirs"],
    reads: new Set(["pyproject.toml", "uv.toml", ".python-version"]),
    manifests: new Set(["pyproject.toml"]),
  };
}

const tools: Readonly<Record<string, (texts: ProjectTexts) => Tool>> = {
  "package-lock.json": npm,
  "npm-shrinkwrap.json": npm,
  "pnpm-lock.yaml": pnpm,
  "yarn.lock": yarn,
  "Cargo.lock": cargo,
  "uv.lock": uv,
};
