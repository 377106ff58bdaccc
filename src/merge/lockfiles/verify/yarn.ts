// yarn.lock, of yarn 1 and of later ones, for a check.
import semver from "semver";
import { isNamed } from "../lock-driver.ts";
import type { Lines } from "../lock-text.ts";
import { isWorkspace } from "../yarn-graph.ts";
import { dependenciesOf, nameOf, readYarnLock, resolvedVersion, type YarnLock } from "../yarn-read.ts";
import { commitDigest, integrityDigests, isGit, linesOf } from "./locked-file.ts";
import type { LockReader, LockedPackage, Manifests } from "./locked-file.ts";
import { overridesOf } from "./npm.ts";
import { readPackageManifests } from "./package-manifests.ts";
import type { PackageManifest, WantedPackage } from "./package-manifests.ts";
import { meetsNpm } from "./ranges.ts";

export const yarnLock: LockReader = {
  matches: (path) => isNamed(path, "yarn.lock"),
  read: (text) => {
    const lock = readYarnLock(linesOf(text));
    return (
      lock && {
        packages: lockedPackages(lock),
        faults: faultsOf(lock),
        disagreements: (manifests) => disagreements(lock, manifests),
      }
    );
  },
};

function lockedPackages(lock: YarnLock): LockedPackage[] {
  const named = new Map<string, string>();
  for (const [descriptor, resolution] of lock.descriptors)
    if (!named.has(resolution)) named.set(resolution, descriptor);
  const describe = lock.dialect.name === "classic" ? classicPackage : berryPackage;
  return [...lock.bodies].flatMap(([resolution, body]) =>
    isWorkspace(resolution) ? [] : [describe(body, named.get(resolution) ?? "", resolution)],
  );
}

function field(body: Lines, name: string): string {
  const line = body.find((one) => one.startsWith(`  ${name} `) || one.startsWith(`  ${name}: `)) ?? "";
  return line
    .slice(name.length + 2)
    .replace(/^:? /, "")
    .replace(/^"(.*)"$/, "$1");
}

/** "alias@npm:name@range": the range of the descriptor tells what it stands for. */
function classicPackage(body: Lines, descriptor: string): LockedPackage {
  const name = nameOf(descriptor);
  const range = descriptor.slice(name.length + 1);
  const alias = /^npm:(@?[^@]+)(?:@|$)/.exec(range)?.[1];
  const resolved = field(body, "resolved");
  const at = resolved.indexOf("#");
  const isRegistry = alias !== undefined || isRange(range);
  const isLocal = !/^(?:https?|git|ssh)[:+]/.test(resolved);
  return {
    name: alias === undefined ? name : `${name} (${alias})`,
    version: field(body, "version"),
    digests: new Map([
      ...integrityDigests(field(body, "integrity")),
      ...(at < 0
        ? []
        : [[isGit(resolved) ? "commit" : "sha1 of the archive", resolved.slice(at + 1)] as const]),
    ]),
    isPinned: !isRegistry || isLocal || at >= 0 || field(body, "integrity") !== "",
    sources: isLocal ? [] : [resolved],
  };
}

function berryPackage(body: Lines, descriptor: string, resolution: string): LockedPackage {
  const name = nameOf(resolution);
  const reference = resolution.slice(name.length + 1);
  const alias = nameOf(descriptor);
  const archive = /(?:::|&)__archiveUrl=([^&]+)/.exec(reference)?.[1];
  const source = /^(?:https?|ssh|git)[:+@]/.test(reference) ? reference : (archive ?? "");
  const checksum = field(body, "checksum");
  const slash = checksum.indexOf("/");
  return {
    name: alias === name ? name : `${alias} (${name})`,
    version: reference.startsWith("npm:") ? field(body, "version") : reference,
    digests: new Map([
      ...(checksum === ""
        ? []
        : [[`checksum ${checksum.slice(0, Math.max(0, slash))}`, checksum.slice(slash + 1)] as const]),
      ...(isGit(source) ? commitDigest(source) : []),
    ]),
    // What is for another system only is not fetched, so yarn writes no checksum of it.
    isPinned: checksum !== "" || field(body, "linkType") !== "hard" || field(body, "conditions") !== "",
    sources: source === "" ? [] : [decoded(source)],
  };
}

function decoded(source: string): string {
  try {
    return decodeURIComponent(source);
  } catch {
    return source;
  }
}

function isRange(range: string): boolean {
  return /^[a-z][\w.-]*$/.test(range) || semver.validRange(range, { loose: true }) !== null;
}

function faultsOf(lock: YarnLock): string[] {
  const names = lockedNames(lock);
  return [...lock.bodies].flatMap(([resolution, body]) => {
    const optional = new Set(
      body.flatMap((line, at) => (line === "      optional: true" ? [body[at - 1]?.trim() ?? ""] : [])),
    );
    return dependenciesOf(body, lock.dialect)
      .filter(({ name, range }) => !lock.dialect.found(name, range).some((one) => lock.descriptors.has(one)))
      .filter(({ name }) => !optional.has(`${name}:`) && !names.has(name))
      .map(({ name, range }) => `${resolution} needs ${name} ${range}, which is not locked.`);
  });
}

/** Settings (resolutions, package extensions) may lead a dependency to another descriptor of its name. */
function lockedNames({ descriptors }: YarnLock): Set<string> {
  return new Set([...descriptors.keys()].map(nameOf));
}

function disagreements(lock: YarnLock, manifests: Manifests): string[] {
  const { all, problems } = readPackageManifests(manifests);
  const own = new Set(all.map(({ name }) => name));
  const names = lockedNames(lock);
  const settings = overridesOf(all);
  const isElsewhere = ({ name, range }: WantedPackage): boolean =>
    (settings.has(name) || !isRange(range)) && names.has(name);
  return [
    ...problems,
    ...all.flatMap((manifest) => [
      ...workspaceEntry(lock, manifest),
      ...manifest.wanted
        .filter(({ name, kind }) => kind !== "peerDependencies" && !own.has(name))
        .filter((wanted) => !isElsewhere(wanted))
        .flatMap((wanted) => disagreement(lock, manifest, wanted)),
    ]),
  ];
}

/** Later yarns repeat each manifest in an entry: its names are the manifest's. */
function workspaceEntry(lock: YarnLock, { folder, name, wanted }: PackageManifest): string[] {
  if (lock.dialect.name === "classic") return [];
  const where = folder === "" ? "." : folder;
  const own = [...lock.bodies].find(([resolution]) => resolution.endsWith(`@workspace:${where}`));
  if (own === undefined) return [`The workspace ${name || where} has no entry in the lockfile.`];
  const names = new Set(wanted.map((one) => one.name));
  return dependenciesOf(own[1], lock.dialect)
    .filter((one) => !names.has(one.name))
    .map((one) => `The lockfile says that ${name || where} asks for ${one.name}, and it does not.`);
}

function disagreement(
  lock: YarnLock,
  { folder }: PackageManifest,
  { name, range, optional }: WantedPackage,
): string[] {
  const asked = `${folder === "" ? "" : `${folder}/`}package.json asks for ${name} ${range}`;
  const descriptor = lock.dialect.found(name, range).find((one) => lock.descriptors.has(one));
  if (descriptor === undefined) return optional ? [] : [`${asked}, which is not locked.`];
  const version = resolvedVersion(lock, descriptor) ?? "";
  return meetsNpm(version, range) ? [] : [`${asked}, and ${version} is locked.`];
}
