// Which version of a package manager a project wants. Texts are hostile: what comes out is a version number, or a major one.
import semver from "semver";

/** Files beside a lockfile, "" where there is none. */
export interface ProjectTexts {
  /** The lockfile of the pull request. */
  readonly lock: string;
  /** package.json. */
  readonly manifest: string;
  /** .yarnrc.yml, or .yarnrc of yarn 1. */
  readonly settings: string;
}

/** Of the field `packageManager`; `null` where it does not name this tool at a version. */
export function wantedVersion(tool: "npm" | "pnpm" | "yarn", manifest: string): string | null {
  const [, name, version] = /"packageManager"\s*:\s*"(npm|pnpm|yarn)@([^"+]{1,50})/.exec(manifest) ?? [];
  return name === tool && version !== undefined ? semver.valid(version) : null;
}

/** The newest that writes the lockfile's version of the format and runs on every Node that Errand runs on (https://pnpm.io/compat). */
export function pnpmMajor(lock: string): string {
  const [, major = "9"] = /^lockfileVersion: '?(\d)\./m.exec(lock) ?? [];
  return { "5": "7", "6": "8" }[major] ?? "10";
}

/** As `packageManager` says, else the release that the settings name, else one that writes the lockfile's version of the format. */
export function yarnVersion({ lock, manifest, settings }: ProjectTexts): string {
  const isClassic = !lock.includes("__metadata:");
  const [, release] = /^yarn-?path:? .*\/yarn-(\d+\.\d+\.\d+)\.c?js/im.exec(settings) ?? [];
  const named = wantedVersion("yarn", manifest) ?? semver.valid(release);
  if (named !== null && (semver.major(named) === 1) === isClassic) return named;
  return isClassic ? "1" : berryMajor(lock);
}

/** Yarn 2 wrote versions up to 4 of the format, yarn 3 versions 5 and 6. */
function berryMajor(lock: string): string {
  const [, version = "8"] = /^__metadata:\r?\n {2}version: (\d{1,3})$/m.exec(lock) ?? [];
  if (Number(version) <= 4) return "2";
  return Number(version) <= 6 ? "3" : "4";
}
