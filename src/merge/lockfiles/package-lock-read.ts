// A package-lock.json of version 2 or 3 as data: entries by location, and how node would look a dependency up.

/** Any object of a JSON file. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface Lock {
  readonly root: JsonObject;
  /** Location ("" is the root, "node_modules/a", "packages/b", "node_modules/a/node_modules/c") to entry. */
  readonly packages: ReadonlyMap<string, JsonObject>;
  /** Folder that has a node_modules ("" is the root) to what is installed in it: name to location. */
  readonly installed: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** Deeper than npm ever nests, and than a path may be long on most systems. */
const mostFolders = 100;

export interface Wanted {
  readonly name: string;
  readonly range: string;
  /** May be missing: an optional dependency, or an optional peer. */
  readonly optional: boolean;
  /** Only for developing the repository's own packages. */
  readonly dev: boolean;
}

/** `null` if the text is no lockfile of version 2 or 3. */
export function readLock(text: string): Lock | null {
  const root = asObject(parse(text));
  const packages = asObject(root?.["packages"]);
  const version = root?.["lockfileVersion"];
  if (root === null || packages === null || (version !== 2 && version !== 3)) return null;
  const entries = new Map<string, JsonObject>();
  for (const [location, value] of Object.entries(packages)) {
    const entry = asObject(value);
    if (entry === null || isTooDeep(location)) return null;
    entries.set(location, entry);
  }
  return { root, packages: entries, installed: installedIn(entries.keys()) };
}

/** Whether a location has more folders than any lockfile that is read. */
export function isTooDeep(location: string): boolean {
  return location.split("/").length > mostFolders;
}

function installedIn(locations: Iterable<string>): Lock["installed"] {
  const installed = new Map<string, Map<string, string>>();
  for (const location of locations) {
    const at = `/${location}`.lastIndexOf("/node_modules/");
    if (at < 0) continue;
    const folder = location.slice(0, Math.max(0, at - 1));
    const names = installed.get(folder) ?? new Map<string, string>();
    installed.set(folder, names.set(location.slice(at + "node_modules/".length), location));
  }
  return installed;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

export function asObject(value: unknown): JsonObject | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

/** A package of the repository itself: the root or a workspace. Its entry repeats a manifest; all others were installed. */
export function isOwn(location: string): boolean {
  return !location.split("/").includes("node_modules");
}

/** What an entry asks for. Development dependencies count only for the repository's own packages. */
export function wantedBy(location: string, entry: JsonObject): Wanted[] {
  const peers = asObject(entry["peerDependenciesMeta"]);
  const optionalPeer = (name: string): boolean => asObject(peers?.[name])?.["optional"] === true;
  return [
    ...listed(entry["dependencies"], () => false),
    ...listed(entry["optionalDependencies"], () => true),
    ...listed(entry["peerDependencies"], optionalPeer),
    ...(isOwn(location) ? listed(entry["devDependencies"], () => false, true) : []),
  ];
}

function listed(value: unknown, optional: (name: string) => boolean, dev = false): Wanted[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, range]) =>
    typeof range === "string" ? [{ name, range, optional: optional(name), dev }] : [],
  );
}

/** How node looks names up from a package: in its own node_modules, then in those of every folder above. Links are followed; `null` is not found. */
export function finderFrom(lock: Lock, from: string): (name: string) => string | null {
  const installed = foldersFrom(from).flatMap((folder) => lock.installed.get(folder) ?? []);
  return (name) => {
    const location = installed.find((names) => names.has(name))?.get(name);
    const entry = location === undefined ? undefined : lock.packages.get(location);
    return location === undefined || entry === undefined ? null : (linkTarget(lock, entry) ?? location);
  };
}

/** A location and every folder above it, nearest first; "" is the root. */
function foldersFrom(location: string): string[] {
  const folders = location === "" ? [] : location.split("/");
  return [...folders.map((_, index) => folders.slice(0, folders.length - index).join("/")), ""];
}

export function linkTarget(lock: Lock, entry: JsonObject): string | null {
  const target = entry["resolved"];
  return entry["link"] === true && typeof target === "string" && lock.packages.has(target) ? target : null;
}
