// The host that a client asks for inside a tunnel: a server of many hosts would else hand it on to any of them, the allowed one or not.

/** A TLS record's header, and the most that one holds (RFC 8446, 5.1, with room for what is encrypted). */
const headerBytes = 5;
const mostRecordBytes = 16_384 + 256;
const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;

export type Greeting =
  /** More has to come before it can be told. */
  | { readonly kind: "incomplete" }
  /** Not the beginning of TLS. */
  | { readonly kind: "plain" }
  /** TLS that does not begin as it should. */
  | { readonly kind: "unreadable" }
  /** `name`: in lower case; `null` where the client names none. */
  | { readonly kind: "tls"; readonly name: string | null };

/** Reads the first bytes that a client sends. Total. A greeting that is spread over several records, which no client of a package manager sends, is unreadable. */
export function readGreeting(bytes: Buffer): Greeting {
  if (bytes.length > 0 && bytes[0] !== handshakeRecord) return { kind: "plain" };
  if (bytes.length < headerBytes) return { kind: "incomplete" };
  const length = bytes.readUInt16BE(3);
  if (length > mostRecordBytes) return { kind: "unreadable" };
  if (bytes.length < headerBytes + length) return { kind: "incomplete" };
  try {
    return { kind: "tls", name: serverName(bytes.subarray(headerBytes, headerBytes + length)) };
  } catch {
    return { kind: "unreadable" };
  }
}

/** RFC 8446, 4.1.2, and RFC 6066, 3. Throws where a length leads beyond the end. */
function serverName(hello: Buffer): string | null {
  if (hello[0] !== clientHello || hello.readUIntBE(1, 3) !== hello.length - 4)
    throw new RangeError("no hello");
  // Type and length, version, random.
  let at = 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  if (at === hello.length) return null;
  const end = at + 2 + hello.readUInt16BE(at);
  if (end !== hello.length) throw new RangeError("extensions do not end with the hello");
  const names: string[] = [];
  for (at += 2; at < end; at += 4 + hello.readUInt16BE(at + 2)) {
    if (hello.readUInt16BE(at) === serverNameExtension) names.push(nameIn(hello, at + 4));
  }
  if (at !== end || names.length > 1) throw new RangeError("extensions that can be read in two ways");
  return names[0] ?? null;
}

/** The list's length, the kind of the first name (0: a host), and that. */
function nameIn(hello: Buffer, at: number): string {
  const listBytes = hello.readUInt16BE(at);
  const nameBytes = hello.readUInt16BE(at + 3);
  if (hello.readUInt8(at + 2) !== 0 || nameBytes + 3 !== listBytes) throw new RangeError("not one host");
  return hello.toString("latin1", at + 5, at + 5 + nameBytes).toLowerCase();
}
