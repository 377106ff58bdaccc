// Cargo.lock, for a check.
import { matchesGlob } from "../../../core/glob.ts";
import { readToml } from "../../../syntax/toml.ts";
import { readCargoLock, type CargoLock, type CargoPackage } from "../cargo-read.ts";
import { isNamed } from "../lock-driver.ts";
import { asObject, type JsonObject } from "../package-lock-read.ts";
import { commitDigest, linesOf } from "./locked-file.ts";
import type { LockReader, LockedPackage, Manifests } from "./locked-file.ts";
import { stringsOf } from "./package-manifests.ts";
import { meetsCargo } from "./ranges.ts";

export const cargoLock: LockReader = {
  matches: (path) => isNamed(path, "Cargo.lock"),
  read: (text) => {
    // References that lead nowhere, or to two, are refused by the reader.
    const lock = readCargoLock(linesOf(text));
    return (
      lock && {
        packages: [...lock.packages.values()].filter(({ source }) => source !== "").map(packageOf),
        faults: [],
        disagreements: (manifests) => disagreements(lock, manifests),
      }
    );
  },
};

function packageOf({ name, version, source, fields }: CargoPackage): LockedPackage {
  const checksum = fields.flatMap((line) => /^checksum = "([^"]+)"$/.exec(line)?.[1] ?? []);
  const isRepository = source.startsWith("git+");
  return {
    name,
    version,
    digests: new Map([
      ...checksum.map((digest) => ["sha256", digest] as const),
      ...(isRepository ? commitDigest(source) : []),
    ]),
    isPinned: isRepository || checksum.length > 0,
    sources: [source],
  };
}

interface Crate {
  readonly path: string;
  readonly name: string;
  readonly wanted: readonly Wanted[];
}

interface Wanted {
  /** The crate's own name, not what the manifest calls it. */
  readonly name: string;
  /** "" for any version. */
  readonly requirement: string;
}

function disagreements(lock: CargoLock, { texts }: Manifests): string[] {
  const root = readToml(texts.get("Cargo.toml") ?? "");
  if (root === null || !texts.has("Cargo.toml")) return ["Cargo.toml is not there, or does not parse."];
  const workspace = asObject(root["workspace"]);
  const shared = asObject(workspace?.["dependencies"]);
  return [...texts].flatMap(([path, text]) => {
    const manifest = isNamed(path, "Cargo.toml") ? readToml(text) : {};
    if (manifest === null) return [`${path} does not parse.`];
    const crate = crateOf(path, manifest, shared);
    const own = crate && lock.packages.get(crate.name);
    if (crate === null) return [];
    // A manifest that is neither a member nor locked is another project's: an example, a test's.
    if (own?.source !== "")
      return isMember(path, workspace) ? [`${crate.name} (${path}) has no entry in the lockfile.`] : [];
    const names = new Set(crate.wanted.map(({ name }) => name));
    return [
      ...crate.wanted.flatMap((wanted) => disagreement(lock, own, path, wanted)),
      ...own.dependencies
        .flatMap((identity) => lock.packages.get(identity)?.name ?? [])
        .filter((name) => !names.has(name))
        .map((name) => `The lockfile says that ${path} asks for ${name}, and it does not.`),
    ];
  });
}

function isMember(path: string, workspace: JsonObject | null): boolean {
  const folder = path.split("/").slice(0, -1).join("/");
  if (folder === "") return true;
  const matches = (key: string): boolean =>
    stringsOf(workspace?.[key]).some((pattern) => matchesGlob(`/${pattern.replace(/^\.\//, "")}`, folder));
  return matches("members") && !matches("exclude");
}

function crateOf(path: string, manifest: JsonObject, shared: JsonObject | null): Crate | null {
  const name = asObject(manifest["package"])?.["name"];
  if (typeof name !== "string") return null;
  const targets = Object.values(asObject(manifest["target"]) ?? {}).map(asObject);
  const tables = [manifest, ...targets].flatMap((one) =>
    ["dependencies", "dev-dependencies", "build-dependencies"].map((key) => asObject(one?.[key])),
  );
  const wanted = tables.flatMap((table) =>
    Object.entries(table ?? {}).map(([key, value]) => wantedOf(key, value, shared)),
  );
  return { path, name, wanted };
}

function wantedOf(key: string, value: unknown, shared: JsonObject | null): Wanted {
  const given = asObject(value);
  const meant = given?.["workspace"] === true ? shared?.[key] : value;
  const table = asObject(meant);
  const name = table?.["package"];
  const isElsewhere = table !== null && ("path" in table || "git" in table);
  const requirement = typeof meant === "string" ? meant : isElsewhere ? undefined : table?.["version"];
  return {
    name: typeof name === "string" ? name : key,
    requirement: typeof requirement === "string" ? requirement : "",
  };
}

function disagreement(
  lock: CargoLock,
  own: CargoPackage,
  path: string,
  { name, requirement }: Wanted,
): string[] {
  const versions = own.dependencies.flatMap((identity) => {
    const one = lock.packages.get(identity);
    return one?.name === name ? [one.version] : [];
  });
  const asked = `${path} asks for ${name}${requirement === "" ? "" : ` ${requirement}`}`;
  if (versions.length === 0) return [`${asked}, which is not locked.`];
  return versions.some((version) => meetsCargo(version, requirement))
    ? []
    : [`${asked}, and ${versions.join(" and ")} is locked.`];
}
