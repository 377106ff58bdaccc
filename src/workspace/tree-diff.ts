// How two trees differ, by path: `git diff-tree` read as bytes.
import { AppError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { must } from "./git.ts";

export interface RawChange {
  /** A: added, D: deleted, M: modified, T: changed type. */
  readonly status: string;
  readonly oldMode: string;
  readonly oldOid: string;
  readonly newMode: string;
  readonly newOid: string;
  /** The path's bytes, one character per byte: any name can be told from any other. */
  readonly rawPath: string;
}

/** Differences between two trees or commits, submodules included, renames not looked for. */
export async function diffTrees(git: Git, from: string, to: string): Promise<RawChange[]> {
  const output = await must(
    git(["diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", from, to]),
    "comparing trees",
  );
  const fields = output.toString("latin1").split("\0");
  const changes: RawChange[] = [];
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [oldMode = "", newMode = "", oldOid = "", newOid = "", status = ""] = (fields[index] ?? "")
      .slice(1)
      .split(" ");
    changes.push({ status, oldMode, oldOid, newMode, newOid, rawPath: fields[index + 1] ?? "" });
  }
  return changes;
}

/** A path's bytes as text; `null` when they are not UTF-8. */
export function pathText(rawPath: string): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(rawPath, "latin1"));
  } catch {
    return null;
  }
}

/** Throws `AppError("workspace")` for a path that is not UTF-8: GitHub's API and this app's reports cannot name it. */
export function requirePathText(rawPath: string): string {
  const text = pathText(rawPath);
  if (text !== null) return text;
  const shown = Buffer.from(rawPath, "latin1").toString("utf8");
  throw new AppError("workspace", `The path ${JSON.stringify(shown)} is not valid UTF-8.`, {
    retryable: false,
    remedy: "Merge this pull request by hand, or rename the file to a UTF-8 name first.",
  });
}
