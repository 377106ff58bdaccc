// Cargo.lock as a graph of packages, and the graph as the very text that cargo writes.
import semver from "semver";
import { byCodeUnit } from "./entries.ts";
import { joinBlocks, readBlocks, sameLines, type Lines } from "./lock-text.ts";

export interface CargoPackage {
  readonly name: string;
  readonly version: string;
  /** "" for a package of the repository itself. */
  readonly source: string;
  /** The lines from the name to the checksum. */
  readonly fields: Lines;
  /** Identities of what it depends on, in cargo's order. */
  readonly dependencies: readonly string[];
}

export interface CargoLock {
  /** The comment and the format's version, down to the first package. */
  readonly head: Lines;
  /** Identity to package, in cargo's order. A package of the repository itself is known by its name, any other by version and source too. */
  readonly packages: ReadonlyMap<string, CargoPackage>;
  /** What stands behind the packages: patches that nothing uses. */
  readonly rest: readonly Lines[];
}

/** More versions of one package than any lockfile has; each reference to it is compared with all of them. */
const mostOfOneName = 100;

const fieldForm = /^(name|version|source|checksum) = "([^"\\]+)"$/;
const referenceForm = /^ "([^" ]+)(?: ([^" ]+))?(?: \(([^") ]+)\))?",$/;

/** `null` for anything that cargo would not write just so: format version 1 among it, which spells dependencies in another way. */
export function readCargoLock(lines: Lines): CargoLock | null {
  const first = lines.indexOf("[[package]]");
  const blocks = first < 0 ? null : readBlocks(lines.slice(first));
  if (blocks === null) return null;
  const end = blocks.findLastIndex(([line]) => line === "[[package]]") + 1;
  const raw = blocks.slice(0, end).map(readPackage);
  const packages = raw.every((one) => one !== null) ? linked(raw) : null;
  if (packages === null) return null;
  const lock = { head: lines.slice(0, first), packages, rest: blocks.slice(end) };
  return sameLines(writeCargoLock(lock), lines) ? lock : null;
}

interface RawPackage extends Omit<CargoPackage, "dependencies"> {
  readonly references: Lines;
}

function readPackage(block: Lines): RawPackage | null {
  const at = block.indexOf("dependencies = [");
  const fields = block.slice(1, at < 0 ? undefined : at);
  const values = readFields(fields);
  const isClosed = at < 0 || block.at(-1) === "]";
  if (block[0] !== "[[package]]" || values === null || !isClosed) return null;
  return { ...values, fields, references: at < 0 ? [] : block.slice(at + 1, -1) };
}

function readFields(fields: Lines): Pick<RawPackage, "name" | "version" | "source"> | null {
  const values = new Map<string, string>();
  for (const line of fields) {
    const [, key, value] = fieldForm.exec(line) ?? [];
    if (key === undefined || value === undefined || values.has(key)) return null;
    values.set(key, value);
  }
  const [name, version, source = ""] = ["name", "version", "source"].map((key) => values.get(key));
  return name === undefined || version === undefined ? null : { name, version, source };
}

type Named = Omit<CargoPackage, "dependencies">;

function identityOf({ name, version, source }: Pick<CargoPackage, "name" | "version" | "source">): string {
  return source === "" ? name : `${name} ${version} ${source}`;
}

function byName<T extends Named>(packages: Iterable<T>): Map<string, T[]> {
  const named = new Map<string, T[]>();
  for (const one of packages) {
    const others = named.get(one.name);
    if (others === undefined) named.set(one.name, [one]);
    else others.push(one);
  }
  return named;
}

/** Packages by identity with their references followed; `null` where one leads nowhere or to two, or an identity occurs twice. */
function linked(raw: readonly RawPackage[]): Map<string, CargoPackage> | null {
  const named = byName(raw);
  if ([...named.values()].some(({ length }) => length > mostOfOneName)) return null;
  const packages = new Map<string, CargoPackage>();
  for (const { references, ...fields } of raw) {
    const dependencies = references.map((line) => followed(line, named));
    const identity = identityOf(fields);
    if (packages.has(identity) || !dependencies.every((one) => one !== null)) return null;
    packages.set(identity, { ...fields, dependencies });
  }
  return packages;
}

function followed(line: string, named: ReadonlyMap<string, readonly Named[]>): string | null {
  const [, name = "", version, source] = referenceForm.exec(line) ?? [];
  const meant = (named.get(name) ?? []).filter(
    (one) => (version ?? one.version) === one.version && (source ?? plainSource(one)) === plainSource(one),
  );
  return meant[0] !== undefined && meant.length === 1 ? identityOf(meant[0]) : null;
}

/** A source as references name it: without the commit that it is locked at. */
function plainSource({ source }: Pick<CargoPackage, "source">): string {
  return source.split("#")[0] ?? "";
}

/** In cargo's order, each dependency spelled as briefly as can be told from the others of its name. */
export function writeCargoLock({ head, packages, rest }: CargoLock): string[] {
  const named = byName(packages.values());
  const spelled = (identity: string): string => {
    const one = packages.get(identity);
    const others = named.get(one?.name ?? "") ?? [];
    return one === undefined ? "" : ` "${spell(one, others)}",`;
  };
  const blocks = [...packages.values()].sort(inOrder).map(({ fields, dependencies }) => {
    const references = [...new Set(dependencies)].map(spelled).sort(byReference);
    const listed = references.length === 0 ? [] : ["dependencies = [", ...references, "]"];
    return ["[[package]]", ...fields, ...listed];
  });
  return [...head, ...joinBlocks([...blocks, ...rest])];
}

function spell(one: Named, others: readonly Named[]): string {
  if (others.length === 1) return one.name;
  const alike = others.filter(({ version }) => version === one.version);
  if (alike.length === 1) return `${one.name} ${one.version}`;
  // A source that all of a name and version share tells nothing: cargo leaves a package's own out.
  return one.source === ""
    ? `${one.name} ${one.version}`
    : `${one.name} ${one.version} (${plainSource(one)})`;
}

/** Name first: a quote would sort before a letter, so the words are compared, not the lines. */
function byReference(one: string, other: string): number {
  const [words, others] = [one, other].map((line) => line.slice(2, -2).split(" "));
  return [0, 1, 2]
    .map((at) => byCodeUnit(words?.[at] ?? "", others?.[at] ?? ""))
    .reduce((known, next) => known || next, 0);
}

function inOrder(one: Named, other: Named): number {
  const [left, right] = [semver.parse(one.version), semver.parse(other.version)];
  return (
    byCodeUnit(one.name, other.name) ||
    (left && right ? semver.compareBuild(left, right) : byCodeUnit(one.version, other.version)) ||
    byCodeUnit(one.source, other.source)
  );
}
