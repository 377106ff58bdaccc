// What may be written over a merge: checked, and its contents made an object.
import { AppError } from "../core/errors.ts";
import type { Blob } from "../core/workspace.ts";
import type { Contents } from "./contents.ts";
import type { WorkspaceLimits } from "./limits.ts";
import { isTreePath } from "./paths.ts";
import type { Result } from "./results.ts";

const fileModes = new Set(["100644", "100755", "120000"]);

interface Store {
  readonly contents: Pick<Contents, "write">;
  readonly limits: Pick<WorkspaceLimits, "blobBytes">;
}

/** Writes the blob; `null` stays a deletion. Throws `AppError("workspace")` for a path, a mode or a size that no result may have. */
export async function stored({ contents, limits }: Store, path: string, blob: Blob | null): Promise<Result> {
  if (!isTreePath(path)) throw refused(`${JSON.stringify(path)} is not a path that can be written.`);
  if (blob === null) return null;
  if (!fileModes.has(blob.mode)) throw refused(`A file cannot have the mode ${JSON.stringify(blob.mode)}.`);
  if (blob.bytes.length > limits.blobBytes) {
    throw refused(`${JSON.stringify(path)} would be larger than ${limits.blobBytes} bytes.`);
  }
  return { mode: blob.mode, oid: await contents.write(blob.bytes) };
}

function refused(message: string): AppError {
  return new AppError("workspace", message, { retryable: false, remedy: "Resolve this file by hand." });
}
