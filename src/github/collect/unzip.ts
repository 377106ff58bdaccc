// Reads a few files out of a zip archive that somebody else's code made: names, counts and sizes in it are claims.
import { promisify } from "node:util";
import { crc32, inflateRaw } from "node:zlib";

interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface UnzipLimits {
  readonly wanted: (name: string) => boolean;
  readonly entries: number;
  /** Unzipped, of one entry and of all that are read. */
  readonly entryBytes: number;
  readonly totalBytes: number;
}

export interface Unzipped {
  readonly entries: readonly ZipEntry[];
  /** Wanted entries that are not there: too large, too many, damaged, encrypted, or packed in another way than zip's usual one. */
  readonly leftOut: number;
}

interface Listed {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const signatures = { local: 0x04034b50, central: 0x02014b50, end: 0x06054b50 };
const sizes = { local: 30, central: 46, end: 22 };
const mostComment = 65_535;
/** Looked at, wanted or not. */
const mostListed = 10_000;
const inflate = promisify(inflateRaw);

/** `null` where it is no archive that can be read. Never throws; no entry becomes a file. */
export async function unzip(archive: Uint8Array, limits: UnzipLimits): Promise<Unzipped | null> {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  const listed = listEntries(bytes);
  if (listed === null) return null;
  const entries: ZipEntry[] = [];
  const wanted = listed.filter(({ name }) => limits.wanted(name));
  let left = limits.totalBytes;
  for (const entry of wanted.slice(0, limits.entries)) {
    const content = await readEntry(bytes, entry, Math.min(left, limits.entryBytes));
    if (content === null) continue;
    left -= content.length;
    entries.push({ name: entry.name, bytes: content });
  }
  return { entries, leftOut: wanted.length - entries.length };
}

function listEntries(bytes: Buffer): Listed[] | null {
  const end = endOfArchive(bytes);
  if (end === null) return null;
  const count = Math.min(mostListed, bytes.readUInt16LE(end + 10));
  const listed: Listed[] = [];
  for (let at = bytes.readUInt32LE(end + 16); listed.length < count;) {
    if (at + sizes.central > bytes.length || bytes.readUInt32LE(at) !== signatures.central) return null;
    const nameEnd = at + sizes.central + bytes.readUInt16LE(at + 28);
    listed.push({
      name: bytes.toString("utf8", at + sizes.central, nameEnd),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      packed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return listed;
}

/** It stands at the end, before a comment of any length up to 64 KB. */
function endOfArchive(bytes: Buffer): number | null {
  const first = Math.max(0, bytes.length - sizes.end - mostComment);
  for (let at = bytes.length - sizes.end; at >= first; at--) {
    if (bytes.readUInt32LE(at) === signatures.end) return at;
  }
  return null;
}

async function readEntry(bytes: Buffer, entry: Listed, most: number): Promise<Buffer | null> {
  const { offset, packed, size, method, crc } = entry;
  if (entry.encrypted || size > most || offset + sizes.local > bytes.length) return null;
  if (bytes.readUInt32LE(offset) !== signatures.local) return null;
  const start = offset + sizes.local + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
  const content = await unpack(bytes.subarray(start, start + packed), method, most);
  return content?.length === size && crc32(content) === crc ? content : null;
}

async function unpack(packed: Buffer, method: number, most: number): Promise<Buffer | null> {
  if (method === 0) return packed;
  if (method !== 8) return null;
  try {
    return await inflate(packed, { maxOutputLength: Math.max(1, most) });
  } catch {
    return null;
  }
}
