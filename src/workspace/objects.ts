// Blobs in a repository: which are here, how large they are, reading and writing them.
import { AppError } from "../core/errors.ts";
import type { Git } from "./git.ts";
import { must } from "./git.ts";

/** Which of the objects are not here, in order. */
export async function missingOf(local: Git, oids: readonly string[]): Promise<string[]> {
  return [...(await sizesOf(local, oids))].filter(([, size]) => size === null).map(([oid]) => oid);
}

/** Size of each object in bytes; `null` where it is not here. */
export async function sizesOf(local: Git, oids: readonly string[]): Promise<Map<string, number | null>> {
  if (oids.length === 0) return new Map();
  const output = await must(
    local(["cat-file", "--batch-check=%(objectname) %(objectsize)"], {
      input: oids.map((oid) => `${oid}\n`).join(""),
    }),
    "looking objects up",
  );
  const lines = output.toString("latin1").trimEnd().split("\n");
  return new Map(
    lines.map((line) => {
      const [oid = "", size = ""] = line.split(" ");
      return [oid, size === "missing" ? null : Number(size)];
    }),
  );
}

/** Writes a blob and returns its name. Bytes go in as they are: no filter, no end-of-line conversion. */
export async function writeBlob(git: Git, bytes: Uint8Array): Promise<string> {
  const output = await must(
    git(["hash-object", "-w", "-t", "blob", "--stdin"], { input: bytes }),
    "writing a file",
  );
  return output.toString("latin1").trim();
}

/**
 * Reads blobs that are here, in order, with one process. Throws `AppError("workspace")` when one is missing or larger than
 * `maxBytes`.
 */
export async function readBlobsHere(git: Git, oids: readonly string[], maxBytes: number): Promise<Buffer[]> {
  const result = await git(["cat-file", "--batch"], {
    input: oids.map((oid) => `${oid}\n`).join(""),
    maxOutputBytes: oids.length * (maxBytes + 100),
  });
  if (result.stopped === "output") throw tooLarge(oids.join(", "), maxBytes);
  const output = await must(Promise.resolve(result), "reading files");
  const blobs: Buffer[] = [];
  let at = 0;
  for (const oid of oids) {
    const end = output.indexOf("\n", at);
    const [, type, size] = output.toString("latin1", at, end).split(" ");
    if (type !== "blob") throw missing(oid);
    const bytes = Number(size);
    if (bytes > maxBytes) throw tooLarge(oid, maxBytes);
    blobs.push(output.subarray(end + 1, end + 1 + bytes));
    at = end + 1 + bytes + 1;
  }
  return blobs;
}

function missing(oid: string): AppError {
  return new AppError("workspace", `File contents ${oid} are not in the repository.`, {
    retryable: false,
    remedy: "Ask again; if they stay missing, the repository on the server is damaged.",
  });
}

/** For file contents, named by their object, that are not read because of their size. */
export function tooLarge(oid: string, maxBytes: number): AppError {
  return new AppError("workspace", `File contents ${oid} are larger than ${maxBytes} bytes.`, {
    retryable: false,
    remedy: "Resolve this file by hand, or raise the limit on file size.",
  });
}
