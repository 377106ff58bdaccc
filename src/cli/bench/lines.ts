// The lines of a text file, plain or gzipped, one at a time: memory holds one line, and no line is longer than is allowed.
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { AppError, messageOf } from "../../core/errors.ts";

/** A line that is not blank, or why it could not be read. `number` counts from 1, blank lines included. */
export type Line =
  | { readonly number: number; readonly text: string; readonly problem: null }
  | { readonly number: number; readonly text: null; readonly problem: string };

/** Bytes of a line: four versions of a 3 MB file, and room for JSON's escapes. */
const longestLine = 64 * 1024 * 1024;

const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** Reads the file from its start. Throws `AppError("input")` when it cannot be read, or is damaged on the way. */
export async function* readLines(file: string, limit = longestLine): AsyncGenerator<Line> {
  const gzipped = await isGzipped(file);
  const bytes = createReadStream(file);
  // Of `pipeline` and not `pipe`: an error of the file must end the reading of what is unpacked.
  const unpacked = gzipped ? pipeline(bytes, createGunzip(), () => undefined) : bytes;
  let number = 0;
  try {
    for await (const raw of splitBytes(unpacked, limit)) {
      number++;
      const line = lineOf(number, raw, limit);
      if (line.text?.trim() !== "") yield line;
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function isGzipped(file: string): Promise<boolean> {
  try {
    const handle = await open(file);
    try {
      // A pipe could be read once only, and the cases are read twice.
      if (!(await handle.stat()).isFile()) throw new Error("it is not a regular file");
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
      return bytesRead === 2 && buffer.equals(gzipMagic);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  return new AppError("input", `${file} cannot be read: ${messageOf(error)}.`, {
    retryable: false,
    remedy: "Give --cases a file with one JSON object a line, plain or gzipped.",
    cause: error,
  });
}

/** The bytes of each line, without its end; `null` for one that is longer than `limit` bytes: it is not kept. */
async function* splitBytes(chunks: AsyncIterable<unknown>, limit: number): AsyncGenerator<Buffer | null> {
  let parts: Buffer[] = [];
  let length = 0;
  const add = (part: Buffer) => {
    length += part.length;
    if (length > limit) parts = [];
    else parts.push(part);
  };
  const take = (): Buffer | null => {
    const line = length > limit ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let rest = chunk as Buffer;
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      add(rest.subarray(0, end));
      yield take();
      rest = rest.subarray(end + 1);
    }
    add(rest);
  }
  if (length > 0) yield take();
}

function lineOf(number: number, bytes: Buffer | null, limit: number): Line {
  if (bytes === null) return { number, text: null, problem: `it is longer than ${limit} bytes` };
  try {
    return { number, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), problem: null };
  } catch {
    return { number, text: null, problem: "it is not UTF-8" };
  }
}
