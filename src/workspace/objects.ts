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

/** Reads a blob that is here. Throws `AppError("workspace")` when it is missing or larger than `maxBytes`. */
export async function readBlobHere(git: Git, oid: string, maxBytes: number): Promise<Buffer> {
  const size = (await sizesOf(git, [oid])).get(oid) ?? null;
  if (size === null) {
    throw new AppError("workspace", `Object ${oid} is not in the repository.`, {
      retryable: false,
      remedy: "Ask again; if it stays missing, the repository on the server is damaged.",
    });
  }
  if (size > maxBytes) {
    throw new AppError(
      "workspace",
      `Object ${oid} has ${size} bytes; files over ${maxBytes} bytes are not read.`,
      {
        retryable: false,
        remedy: "Resolve this file by hand, or raise the limit on file size.",
      },
    );
  }
  return await must(git(["cat-file", "blob", oid], { maxOutputBytes: maxBytes + 1 }), "reading a file");
}
