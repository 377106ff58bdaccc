// Blobs in a repository: which are here, how large they are, reading and writing them.
import { createHash, randomUUID } from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { deflate } from "node:zlib";
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

const deflated = promisify<Uint8Array, Buffer>(deflate);

/**
 * Writes a blob into a bare repository of this app's own as a loose object, without a process, and returns its name. Bytes go in as
 * they are. The format is git's own: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects (object storage).
 */
export async function writeLooseBlob(gitDir: string, bytes: Uint8Array): Promise<string> {
  const object = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
  const oid = createHash("sha1").update(object).digest("hex");
  const directory = join(gitDir, "objects", oid.slice(0, 2));
  await mkdir(directory, { recursive: true });
  // Written aside and moved into place: git never sees half an object.
  const aside = join(directory, `tmp_obj_${randomUUID()}`);
  await writeFile(aside, await deflated(object), { mode: 0o444 });
  await rename(aside, join(directory, oid.slice(2)));
  return oid;
}

/** Bytes of a blob, or why there are none: not here (or no blob), or larger than was asked for. */
type Reading = Buffer | "missing" | "too-large";

/** Reads blobs that are here, in order, with one process. Throws `AppError("workspace")` when one is missing or too large. */
export async function readBlobsHere(git: Git, oids: readonly string[], maxBytes: number): Promise<Buffer[]> {
  const readings = await tryBlobsHere(git, oids, maxBytes);
  return readings.map((reading, index) => {
    if (Buffer.isBuffer(reading)) return reading;
    throw unread(reading, oids[index] ?? "", maxBytes);
  });
}

/** The same, with a reason in place of each blob that cannot be read. */
export async function tryBlobsHere(git: Git, oids: readonly string[], maxBytes: number): Promise<Reading[]> {
  if (oids.length === 0) return [];
  const result = await git(["cat-file", "--batch"], {
    input: oids.map((oid) => `${oid}\n`).join(""),
    maxOutputBytes: oids.length * (maxBytes + 100),
  });
  if (result.stopped === "output") throw tooLarge(oids.join(", "), maxBytes);
  const output = await must(Promise.resolve(result), "reading files");
  const readings: Reading[] = [];
  let at = 0;
  while (readings.length < oids.length) {
    const end = output.indexOf("\n", at);
    const [, type, size] = output.toString("latin1", at, end).split(" ");
    // "OID missing": no contents follow.
    const bytes = size === undefined ? -1 : Number(size);
    if (type !== "blob") readings.push("missing");
    else readings.push(bytes > maxBytes ? "too-large" : output.subarray(end + 1, end + 1 + bytes));
    at = end + 1 + bytes + 1;
  }
  return readings;
}

/** The error for a blob that could not be read. */
export function unread(reason: "missing" | "too-large", oid: string, maxBytes: number): AppError {
  return reason === "missing" ? missing(oid) : tooLarge(oid, maxBytes);
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
