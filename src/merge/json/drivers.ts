// The drivers that merge whole JSON files by key.
import type { ConflictedFile } from "../../core/conflict.ts";
import { mergeDocument, settleHunks } from "./document.ts";
import { fileKind } from "./kind.ts";
import { isConsistentLock } from "../lockfiles/package-lock-check.ts";
import { leftToTool } from "../lockfiles/lock-driver.ts";
import type { DrivenFile, FileDriver } from "../tier.ts";

/** Any JSON or JSONC file but a lockfile: package.json, tsconfig.json, translations. */
export const jsonDriver: FileDriver = {
  name: "json",
  matches: (path) => fileKind(path) !== null && fileKind(path) !== "package-lock",
  merge,
};

/**
 * package-lock.json and npm-shrinkwrap.json of lockfile version 2 or 3: all hunks or none, and only if the merged file is consistent;
 * else npm had better write it.
 */
export const packageLockDriver: FileDriver = {
  name: "package-lock",
  matches: (path) => fileKind(path) === "package-lock",
  merge: (file) => merge(file) ?? leftToTool(file, "npm"),
};

export const jsonDrivers: readonly FileDriver[] = [packageLockDriver, jsonDriver];

function merge(file: ConflictedFile): DrivenFile | null {
  const kind = fileKind(file.path);
  const merged = kind === null ? null : mergeDocument(file, kind);
  if (kind === null || merged === null) return null;
  if (kind === "package-lock" && !isConsistentLock(merged.text, file)) return null;
  const settlements = settleHunks(file, merged, kind);
  return settlements && { settlements };
}
