// Three versions of a file as the conflicted file that git makes of them.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConflictedFile, Settlement } from "../../../src/core/conflict.ts";
import { parseHunks } from "../../../src/merge/hunks.ts";

const markerSize = 23;

export function conflictOf(path: string, base: string, ours: string, theirs: string): ConflictedFile {
  const folder = mkdtempSync(join(tmpdir(), "json-merge-"));
  try {
    const names = Object.entries({ ours, base, theirs }).map(([name, text]) => {
      writeFileSync(join(folder, name), text);
      return name;
    });
    const flags = ["merge-file", "-p", "--diff3", "-q", `--marker-size=${markerSize}`];
    const segments = parseHunks(git([...flags, ...names], folder), markerSize, { base, ours, theirs });
    if (segments === null) throw new Error("git's hunks could not be read");
    return { path, base, ours, theirs, segments };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function git(args: readonly string[], cwd: string): string {
  try {
    return execFileSync("git", [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    // The exit status is the number of conflicts; the text is there all the same.
    const { stdout } = error as { stdout?: unknown };
    if (typeof stdout === "string") return stdout;
    throw error;
  }
}

/** The file with the settlements in place of its hunks; `null` if one of them is missing. */
export function assemble(file: ConflictedFile, settlements: readonly (Settlement | null)[]): string | null {
  let next = 0;
  const parts = file.segments.map((segment) =>
    segment.kind === "clean" ? segment.text : (settlements[next++]?.text ?? null),
  );
  return parts.every((part) => part !== null) ? parts.join("") : null;
}
