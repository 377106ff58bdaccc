// Where a request to the proxy wants to go, read strictly: what can be read in two ways is not read at all.

/** A host in lower case (an IPv6 address in its brackets) and a port. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

export interface PlainTarget extends Target {
  /** Path and query, as they are sent on. */
  readonly path: string;
}

/** RFC 1035: the longest name of a host. */
const longestHost = 253;
/** Letters, digits, hyphens and inner dots; or what may stand between the brackets of an IPv6 address. No user, no escapes, no last dot. */
const hostPattern = /^(?:[a-z\d_-]+(?:\.[a-z\d_-]+)*|\[[\da-f:.]+\])$/;

/** The operator's "host" (port 443) or "host:port"; `null` where it is neither. */
export function parseEntry(entry: string): Target | null {
  return parseAuthority(entry.trim(), 443);
}

/** The target of `CONNECT host:port`. */
export function connectTarget(requested: string): Target | null {
  return parseAuthority(requested, null);
}

/** The target of a request in absolute form, `GET http://host:port/path`. */
export function plainTarget(requested: string): PlainTarget | null {
  const scheme = "http://";
  if (!requested.toLowerCase().startsWith(scheme)) return null;
  const rest = requested.slice(scheme.length);
  const end = rest.search(/[/?#]/);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const path = end === -1 ? "/" : rest.slice(end);
  const target = parseAuthority(authority, 80);
  // Printable ASCII from a slash on, without a fragment: nothing that could end a header.
  return target !== null && /^\/[!"$-~]*$/.test(path) ? { ...target, path } : null;
}

export function nameOf({ host, port }: Target): string {
  return `${host}:${port}`;
}

function parseAuthority(text: string, defaultPort: number | null): Target | null {
  const lower = text.toLowerCase();
  const split = /:(\d{1,5})$/.exec(lower);
  const host = split === null ? lower : lower.slice(0, split.index);
  const port = split === null ? defaultPort : Number(split[1]);
  if (port === null || port < 1 || port > 65_535) return null;
  return host.length <= longestHost && hostPattern.test(host) ? { host, port } : null;
}
