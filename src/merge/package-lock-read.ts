// A package-lock.json of version 2 or 3 as data: entries by location, and how node would look a dependency up.

/** Any object of a JSON file. */
export type JsonObject = Readonly<Record<string, unknown>>;

export interface Lock {
  readonly root: JsonObject;
  /** Location ("" is the root, "node_modules/a", "packages/b", "node_modules/a/node_modules/c") to entry. */
  readonly packages: ReadonlyMap<string, JsonObject>;
}

export interface Wanted {
  readonly name: string;
  readonly range: string;
  /** May be missing: an optional dependency, or an optional peer. */
  readonly optional: boolean;
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
    if (entry === null) return null;
    entries.set(location, entry);
  }
  return { root, packages: entries };
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
    ...(isOwn(location) ? listed(entry["devDependencies"], () => false) : []),
  ];
}

function listed(value: unknown, optional: (name: string) => boolean): Wanted[] {
  return Object.entries(asObject(value) ?? {}).flatMap(([name, range]) =>
    typeof range === "string" ? [{ name, range, optional: optional(name) }] : [],
  );
}

/** The location node finds `name` at from a package: its own node_modules, then those of every folder above. Links are followed. */
export function lookUp(lock: Lock, from: string, name: string): string | null {
  const folders = from === "" ? [] : from.split("/");
  for (let depth = folders.length; depth >= 0; depth--) {
    if (folders[depth - 1] === "node_modules") continue;
    const location = [...folders.slice(0, depth), "node_modules", name].join("/");
    const entry = lock.packages.get(location);
    if (entry !== undefined) return linkTarget(lock, entry) ?? location;
  }
  return null;
}

export function linkTarget(lock: Lock, entry: JsonObject): string | null {
  const target = entry["resolved"];
  return entry["link"] === true && typeof target === "string" && lock.packages.has(target) ? target : null;
}
