// Which version of a package manager a project wants. Texts are hostile: what comes out is a version number, or a major one.
import { major, valid } from "semver";

type PackageManager = "npm" | "pnpm" | "yarn";

/** Yarn 1 has no release after it. */
const lastClassic = "1.22.22";

/** The field `packageManager` of a package.json, which need not be JSON; "" where there is none. */
export function packageManagerOf(manifest: string): string {
  return /"packageManager"\s*:\s*"([^"]{1,300})"/.exec(manifest)?.[1] ?? "";
}

/** An older one may not know how to leave scripts out. */
const oldestMajor: Readonly<Record<PackageManager, number>> = { npm: 7, pnpm: 6, yarn: 1 };

/** Of a field like "pnpm@9.15.0+sha512.…"; `null` where it does not name this tool at a version, or one that is too old. */
export function wantedVersion(tool: PackageManager, packageManager: string): string | null {
  const [, name, version] = /^(npm|pnpm|yarn)@([^+\s]+)/.exec(packageManager) ?? [];
  const exact = name === tool ? valid(version) : null;
  return exact !== null && major(exact) >= oldestMajor[tool] ? exact : null;
}

/** As the field says, else the newest that writes the lockfile's version of the format and runs on every Node that Errand runs on (https://pnpm.io/compat). */
export function pnpmVersion(packageManager: string, lock: string): string {
  const [, format = "9"] = /^lockfileVersion: *['"]?(\d+)/m.exec(lock) ?? [];
  return wantedVersion("pnpm", packageManager) ?? { "5": "7", "6": "8" }[format] ?? "10";
}

/** Whether a yarn.lock is that of yarn 1. */
export function isClassic(lock: string): boolean {
  return !lock.includes("__metadata:");
}

/**
 * As the field says, else the release that the settings (.yarnrc.yml, or .yarnrc of yarn 1) name, else one that writes the lockfile's version of the format. A
 * version that writes the other kind of lockfile is passed over.
 */
export function yarnVersion(packageManager: string, lock: string, settings = ""): string {
  const [, release] = /^yarn-?path:? .*\/yarn-(\d+\.\d+\.\d+)\.c?js/im.exec(settings) ?? [];
  const named = wantedVersion("yarn", packageManager) ?? valid(release);
  if (named !== null && (major(named) === 1) === isClassic(lock)) return named;
  return isClassic(lock) ? lastClassic : berryMajor(lock);
}

/** Yarn 2 wrote versions up to 4 of the format, yarn 3 versions 5 and 6. */
function berryMajor(lock: string): string {
  const format = Number(/^__metadata:\s+version: *["']?(\d{1,3})/m.exec(lock)?.[1] ?? 8);
  if (format <= 4) return "2";
  return format <= 6 ? "3" : "4";
}
