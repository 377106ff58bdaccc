// package-lock.json and npm-shrinkwrap.json, versions 2 and 3, for a check.
import {
  asObject,
  finderFrom,
  isOwn,
  isTooDeep,
  linkTarget,
  readLock,
  wantedBy,
  type JsonObject,
  type Lock,
} from "../package-lock-read.ts";
import { isNamed } from "../lock-driver.ts";
import { commitDigest, integrityDigests, isGit } from "./locked-file.ts";
import type { LockReader, LockedPackage, Manifests } from "./locked-file.ts";
import { dependencyKinds, readPackageManifests } from "./package-manifests.ts";
import type { PackageManifest } from "./package-manifests.ts";
import { meetsNpm } from "./ranges.ts";

export const npmLock: LockReader = {
  matches: (path) => isNamed(path, "package-lock.json") || isNamed(path, "npm-shrinkwrap.json"),
  read: (text) => {
    const lock = readLock(text);
    return (
      lock && {
        packages: [...lockedPackages(lock), ...legacyPackages(lock)],
        faults: faultsOf(lock),
        disagreements: (manifests) => disagreements(lock, manifests),
      }
    );
  },
};

function lockedPackages(lock: Lock): LockedPackage[] {
  return [...lock.packages].flatMap(([location, entry]) =>
    isOwn(location) || linkTarget(lock, entry) !== null
      ? []
      : [packageOf(location.slice(location.lastIndexOf("node_modules/") + "node_modules/".length), entry)],
  );
}

function packageOf(installedAs: string, entry: JsonObject): LockedPackage {
  const name = textOf(entry["name"]) || installedAs;
  const source = textOf(entry["resolved"]);
  const isBundled = entry["inBundle"] === true || entry["bundled"] === true;
  const isLink = entry["link"] === true || (source.startsWith("file:") && !/\.t(?:ar\.)?gz$/.test(source));
  return {
    name: name === installedAs ? name : `${installedAs} (${name})`,
    version: textOf(entry["version"]),
    digests: new Map([
      ...integrityDigests(textOf(entry["integrity"])),
      ...(isGit(source) ? commitDigest(source) : []),
    ]),
    isPinned: isBundled || isLink || isGit(source) || textOf(entry["integrity"]) !== "",
    sources: source === "" || isLink ? [] : [source],
  };
}

/** Version 2 repeats every entry for npm 6, which reads nothing else. */
function legacyPackages(lock: Lock): LockedPackage[] {
  const found: LockedPackage[] = [];
  const collect = (tree: JsonObject | null, above: string): void => {
    for (const [name, value] of isTooDeep(above) ? [] : Object.entries(tree ?? {})) {
      const entry = asObject(value) ?? {};
      const version = textOf(entry["version"]);
      const isPlain = /^\d/.test(version);
      if (isPlain) found.push(packageOf(name, entry));
      collect(asObject(entry["dependencies"]), `${above}node_modules/${name}/`);
    }
  };
  collect(asObject(lock.root["dependencies"]), "");
  return found;
}

/** Dependencies that node would not find. Ranges of installed packages may be overridden; of the repository's own they are looked at with the manifests. */
function faultsOf(lock: Lock): string[] {
  return [...lock.packages].flatMap(([location, entry]) => {
    const find = finderFrom(lock, location);
    return wantedBy(location, entry).flatMap(({ name, range, optional }) =>
      optional || find(name) !== null
        ? []
        : [`${location === "" ? "The root" : location} needs ${name} ${range}, which is not locked.`],
    );
  });
}

function disagreements(lock: Lock, manifests: Manifests): string[] {
  const { all, problems } = readPackageManifests(manifests);
  return [...problems, ...all.flatMap((manifest) => disagreementsOf(lock, manifest, overridesOf(all)))];
}

export function overridesOf(all: readonly PackageManifest[]): ReadonlySet<string> {
  return new Set(all.flatMap(({ overridden }) => [...overridden]));
}

function disagreementsOf(lock: Lock, manifest: PackageManifest, overridden: ReadonlySet<string>): string[] {
  const { folder, wanted } = manifest;
  const where = folder === "" ? "package.json" : `${folder}/package.json`;
  const entry = lock.packages.get(folder);
  if (entry === undefined) return [`${where} has no entry in the lockfile.`];
  const find = finderFrom(lock, folder);
  const asked = wanted.flatMap(({ name, range, kind, optional }) => {
    if (asObject(entry[kind])?.[name] !== range)
      return [`${where} asks for ${name} ${range} (${kind}), which the lockfile's copy does not say.`];
    const found = find(name);
    if (found === null) return optional ? [] : [`${where} asks for ${name} ${range}, which is not locked.`];
    const version = textOf(lock.packages.get(found)?.["version"]);
    return overridden.has(name) || version === "" || meetsNpm(version, range)
      ? []
      : [`${where} asks for ${name} ${range}, and ${version} is locked.`];
  });
  const known = new Set(wanted.map(({ name, kind }) => `${kind} ${name}`));
  const stale = dependencyKinds.flatMap((kind) =>
    Object.keys(asObject(entry[kind]) ?? {})
      .filter((name) => !known.has(`${kind} ${name}`))
      .map((name) => `The lockfile says that ${where} asks for ${name} (${kind}), and it does not.`),
  );
  return [...asked, ...stale];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
