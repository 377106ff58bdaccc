// yarn.lock, of yarn 1 and of later ones: descriptors ("name@range"), what each is resolved to, and the very text that yarn writes of them.
import { byCodeUnit } from "./entries.ts";
import { joinBlocks, readBlocks, sameLines, type Lines } from "./lock-text.ts";

export interface YarnLock {
  readonly dialect: YarnDialect;
  /** Comments, and the metadata of later yarns. */
  readonly head: Lines;
  /** Descriptor to resolution, in the file's order. */
  readonly descriptors: ReadonlyMap<string, string>;
  /** Resolution to the lines below the descriptors. */
  readonly bodies: ReadonlyMap<string, Lines>;
}

export interface Dependency {
  readonly name: string;
  readonly range: string;
}

export interface YarnDialect {
  readonly name: "classic" | "berry";
  /** The descriptors that a block's first line names; `null` if it is none. */
  readonly readHead: (line: string) => string[] | null;
  /** `descriptors` are sorted. */
  readonly writeHead: (descriptors: readonly string[]) => string;
  /** Whether a line may stand below the descriptors. */
  readonly isBodyLine: (line: string) => boolean;
  /** What a block is resolved to: two blocks may not be resolved to one thing. */
  readonly resolution: (body: Lines, descriptor: string) => string | null;
  /** What a block is sorted by. */
  readonly sortKey: (descriptors: readonly string[]) => string;
  /** Descriptors that a dependency may be found under. */
  readonly found: (name: string, range: string) => string[];
  /** Name and range of a dependency's line; `null` if it is none. */
  readonly readDependency: (line: string) => Dependency | null;
}

const classic: YarnDialect = {
  name: "classic",
  readHead: (line) => {
    const words = /^[^\s#].*:$/.test(line) ? (line.slice(0, -1).match(/"[^"\\]*"|[^\s",]+/g) ?? []) : [];
    return words.length === 0 ? null : words.map((word) => word.replace(/^"(.*)"$/, "$1"));
  },
  writeHead: (descriptors) => `${descriptors.map(quoted).join(", ")}:`,
  isBodyLine: (line) => /^ {2}(?:\w+:| {0,2}(?:"[^"]+"|[^\s":]+) (?:"[^"]*"|[^\s"]+))$/.test(line),
  resolution: (body, descriptor) => {
    const version = valueOf(body, /^ {2}version "([^"]+)"$/);
    const resolved = valueOf(body, /^ {2}resolved "([^"]+)"$/);
    return version === null ? null : (resolved ?? `${nameOf(descriptor)}@${version}`);
  },
  sortKey: ([first = ""]) => first,
  found: (name, range) => [`${name}@${range}`],
  readDependency: (line) => dependencyOf(/^ {4}("[^"]+"|[^"\s]+) ("[^"]*"|[^"\s]+)$/.exec(line)),
};

const berry: YarnDialect = {
  name: "berry",
  readHead: (line) => /^"([^"\\]+)":$/.exec(line)?.[1]?.split(", ") ?? null,
  writeHead: (descriptors) => `"${descriptors.join(", ")}":`,
  isBodyLine: (line) => /^ {2}(?: {2}| {4})?(?:"[^"]+"|[^\s":]+):(?: (?:"[^"]*"|[^\s"][^"]*))?$/.test(line),
  resolution: (body) => valueOf(body, /^ {2}resolution: "([^"]+)"$/),
  sortKey: (descriptors) => descriptors.join(", "),
  found: (name, range) => [`${name}@${range}`, `${name}@npm:${range}`],
  readDependency: (line) => dependencyOf(/^ {4}("[^"]+"|[^"\s:]+): ("[^"]*"|[^"\s].*)$/.exec(line)),
};

function dependencyOf(match: RegExpExecArray | null): Dependency | null {
  const [name, range] = (match ?? []).slice(1).map((word) => word.replace(/^"(.*)"$/, "$1"));
  return name === undefined || range === undefined ? null : { name, range };
}

/** As yarn 1 decides whether a key needs quotes. */
function quoted(key: string): string {
  const plain = /^[a-zA-Z][^:\s\n\\",[\]]*$/.test(key) && !/^(?:true|false)/.test(key);
  return plain ? key : `"${key}"`;
}

/** "@scope/name" of "@scope/name@range". */
export function nameOf(descriptor: string): string {
  const at = descriptor.indexOf("@", 1);
  return at < 0 ? descriptor : descriptor.slice(0, at);
}

function valueOf(lines: Lines, form: RegExp): string | null {
  for (const line of lines) {
    const [, value] = form.exec(line) ?? [];
    if (value !== undefined) return value;
  }
  return null;
}

/** `null` for anything that yarn would not write just so. */
export function readYarnLock(lines: Lines): YarnLock | null {
  const dialect = lines.includes("__metadata:") ? berry : classic;
  const first = lines.findIndex((line) => dialect.readHead(line) !== null && line !== "__metadata:");
  const head = first < 0 ? lines : lines.slice(0, first);
  const blocks = first < 0 ? [] : readBlocks(lines.slice(first));
  const entries = blocks && readEntries(blocks, dialect);
  if (entries === null || !head.every(isHead)) return null;
  const lock = { dialect, head, ...entries };
  return sameLines(writeYarnLock(lock), lines) ? lock : null;
}

function isHead(line: string): boolean {
  return (
    line === "" ||
    line.startsWith("#") ||
    line === "__metadata:" ||
    /^ {2}(?:version|cacheKey): \w+$/.test(line)
  );
}

function readEntries(
  blocks: readonly Lines[],
  dialect: YarnDialect,
): Pick<YarnLock, "descriptors" | "bodies"> | null {
  const descriptors = new Map<string, string>();
  const bodies = new Map<string, Lines>();
  for (const [head = "", ...body] of blocks) {
    const named = dialect.readHead(head);
    const resolution = named?.[0] === undefined ? null : dialect.resolution(body, named[0]);
    if (named === null || resolution === null || bodies.has(resolution)) return null;
    if (named.some((one) => descriptors.has(one)) || !body.every(dialect.isBodyLine)) return null;
    bodies.set(resolution, body);
    for (const one of named) descriptors.set(one, resolution);
  }
  return { descriptors, bodies };
}

/** In yarn's order: the descriptors of one resolution share a block. */
export function writeYarnLock({ dialect, head, descriptors, bodies }: YarnLock): string[] {
  const named = new Map<string, string[]>();
  for (const [descriptor, resolution] of descriptors) {
    const others = named.get(resolution);
    if (others === undefined) named.set(resolution, [descriptor]);
    else others.push(descriptor);
  }
  const blocks = [...named].map(([resolution, own]) => {
    const sorted = own.sort(byCodeUnit);
    const lines = [dialect.writeHead(sorted), ...(bodies.get(resolution) ?? [])];
    return { key: dialect.sortKey(sorted), lines };
  });
  blocks.sort((one, other) => byCodeUnit(one.key, other.key));
  return [...head, ...joinBlocks(blocks.map(({ lines }) => lines))];
}

/** The version that a descriptor is resolved to. */
export function resolvedVersion({ descriptors, bodies }: YarnLock, descriptor: string): string | undefined {
  const body = bodies.get(descriptors.get(descriptor) ?? "");
  return (body && valueOf(body, /^ {2}version:? "?([^"]+)"?$/)) ?? undefined;
}

const dependencyHeads: ReadonlySet<string> = new Set(["  dependencies:", "  optionalDependencies:"]);

export function dependenciesOf(body: Lines, { readDependency }: YarnDialect): Dependency[] {
  let inside = false;
  return body.flatMap((line) => {
    if (!line.startsWith("    ")) inside = dependencyHeads.has(line);
    const read = inside ? readDependency(line) : null;
    return read === null ? [] : [read];
  });
}
