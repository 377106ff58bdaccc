// The driver that merges whole TOML files by key.
import type { ConflictedFile } from "../../core/conflict.ts";
import { settleHunks } from "../json/document.ts";
import type { DrivenFile, FileDriver } from "../tier.ts";
import { mergeTomlDocument } from "./document.ts";
import { tomlFile } from "./entry.ts";

/** Cargo.toml, pyproject.toml and any other TOML file: all hunks or none. */
export const tomlDriver: FileDriver = {
  name: "toml-file",
  matches: (path) => tomlFile(path) !== null,
  merge,
};

export const tomlDrivers: readonly FileDriver[] = [tomlDriver];

function merge(file: ConflictedFile): DrivenFile | null {
  const kind = tomlFile(file.path);
  const merged = kind === null ? null : mergeTomlDocument(file, kind);
  const settlements = merged && settleHunks(file, merged, "toml");
  return settlements && { settlements };
}
