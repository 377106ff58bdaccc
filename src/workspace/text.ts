// Bytes to text and back, exactly: UTF-8 where it is UTF-8, else one character per byte.
import { AppError } from "../core/errors.ts";

export interface DecodedTexts<T> {
  readonly texts: T;
  /** Reads bytes the way the texts were read. */
  readonly decode: (bytes: Uint8Array) => string;
  /** Throws `AppError("workspace")` for text that these bytes could not hold. */
  readonly encode: (text: string) => Uint8Array;
}

/**
 * Decodes the sides of a file alike, byte order marks kept. `null` when one holds a NUL: binary, or UTF-16, which git merges as binary.
 * A side that is not UTF-8 makes all of them one character per byte, so that every byte survives.
 */
export function decodeTexts<T extends Readonly<Record<string, Uint8Array>>>(
  sides: T,
): DecodedTexts<Readonly<Record<keyof T, string>>> | null {
  const entries = Object.entries(sides);
  if (entries.some(([, bytes]) => bytes.includes(0))) return null;
  const read = (decode: (bytes: Uint8Array) => string) =>
    Object.fromEntries(entries.map(([name, bytes]) => [name, decode(bytes)])) as Record<keyof T, string>;
  try {
    return { texts: read(decodeUtf8), decode: decodeUtf8, encode: encodeUtf8 };
  } catch {
    return { texts: read(decodeLatin1), decode: decodeLatin1, encode: encodeLatin1 };
  }
}

/** Throws `TypeError` for bytes that are not UTF-8. */
function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function decodeLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function encodeUtf8(text: string): Uint8Array {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.toString("utf8") !== text) throw notEncodable("UTF-8");
  return bytes;
}

function encodeLatin1(text: string): Uint8Array {
  const bytes = Buffer.from(text, "latin1");
  if (bytes.toString("latin1") !== text) throw notEncodable("one byte per character");
  return bytes;
}

function notEncodable(encoding: string): AppError {
  return new AppError(
    "workspace",
    `The merged text has characters that the file's encoding (${encoding}) cannot hold.`,
    { retryable: false, remedy: "Resolve this file by hand." },
  );
}
