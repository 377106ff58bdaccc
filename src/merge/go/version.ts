// Which of two Go versions is higher.
import semver from "semver";

/** `v0.0.0-20191109021931-daa7c04131f5`, with or without a version before it: a commit by its time. */
const PSEUDO = /[-.](\d{14})-[0-9a-f]{12}(?:\+incompatible)?$/;

/** Negative or positive as `one` is lower or higher; zero where they are equal or nobody can tell. */
export function compareGoVersions(one: string, other: string): number {
  const [left, right] = [read(one), read(other)];
  if (left === null || right === null) return 0;
  const [time, otherTime] = [PSEUDO.exec(one)?.[1], PSEUDO.exec(other)?.[1]];
  // Two commits of one second: their hashes tell nothing.
  if (time !== undefined && time === otherTime && left.compareMain(right) === 0) return 0;
  return semver.compare(left, right);
}

/** A module's version, the version of a go directive (`1.21`, `1.21rc2`) or of a toolchain (`go1.21.3`). */
function read(version: string): semver.SemVer | null {
  if (version.startsWith("v")) return semver.parse(version);
  const [, major, minor, patch, stage, number] =
    /^(?:go)?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:(rc|beta)(\d{1,4}))?$/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return null;
  // `1.21` is the language before its first release `1.21.0`, and before its candidates.
  const end = stage === undefined ? (patch === undefined ? "-0" : "") : `-${stage}.${number ?? ""}`;
  return semver.parse(`${major}.${minor}.${patch ?? "0"}${end}`);
}
