// pnpm-lock.yaml, versions 6 and 9, for a check.
import { valueOf as yamlValue } from "../../../syntax/yaml.ts";
import { isNamed } from "../lock-driver.ts";
import type { Lines } from "../lock-text.ts";
import { faultsOf } from "../pnpm-graph.ts";
import { readPnpmLock, valueOf, type PnpmNode, type PnpmTree } from "../pnpm-read.ts";
import { commitDigest, integrityDigests, isGit, linesOf } from "./locked-file.ts";
import type { LockReader, LockedPackage, Manifests } from "./locked-file.ts";
import { overridesOf } from "./npm.ts";
import { overriddenName, readPackageManifests, stringsOf } from "./package-manifests.ts";
import type { PackageManifest } from "./package-manifests.ts";
import { meetsNpm } from "./ranges.ts";

export const pnpmLock: LockReader = {
  matches: (path) => isNamed(path, "pnpm-lock.yaml"),
  read: (text) => {
    const tree = readPnpmLock(linesOf(text));
    const version = tree && valueOf(tree.get("lockfileVersion")?.head ?? "");
    if (tree === null || !/^(?:6\.|9\.)\d+$/.test(version ?? "")) return null;
    return {
      packages: [...(tree.get("packages")?.children ?? none)].map(([key, node]) =>
        packageOf(key, node.lines),
      ),
      faults: faultsOf(tree),
      disagreements: (manifests) => disagreements(tree, manifests),
    };
  },
};

const none: PnpmTree = new Map();

/** Keys are "name@version", before version 9 with a "/" and with the peers that it is resolved with: "/name@version(peer@version)". */
function packageOf(key: string, lines: Lines): LockedPackage {
  const plain = key.replace(/^\//, "").split("(")[0] ?? "";
  const at = plain.indexOf("@", 1);
  const named =
    at < 0 ? { name: plain, version: "" } : { name: plain.slice(0, at), version: plain.slice(at + 1) };
  const resolution = lines.find((line) => line.startsWith("    resolution: {")) ?? "";
  const field = (name: string): string =>
    new RegExp(`[{ ]${name}: '?([^,'}\\s]+)`).exec(resolution)?.[1] ?? "";
  const [tarball, repository] = [field("tarball"), field("repo")];
  const commit = field("commit");
  return {
    ...named,
    digests: new Map([
      ...integrityDigests(field("integrity")),
      ...(repository === "" ? [] : commitDigest(`#${commit}`)),
    ]),
    isPinned:
      field("integrity") !== "" || repository !== "" || isLocal(resolution, tarball) || isGitArchive(tarball),
    sources: [
      ...(repository === "" ? [] : [`git+${repository}#${commit}`]),
      ...(isHttp(tarball) ? [tarball] : []),
    ],
  };
}

function isLocal(resolution: string, tarball: string): boolean {
  return resolution.includes("type: directory") || tarball.startsWith("file:");
}

/** pnpm writes no digest of what it takes from a repository as an archive: the commit is in its URL. */
function isGitArchive(tarball: string): boolean {
  return isGit(tarball) || /^https:\/\/codeload\.github\.com\/.+\/[0-9a-f]{40}$/.test(tarball);
}

function isHttp(source: string): boolean {
  return /^https?:/.test(source);
}

interface Locked {
  readonly specifier: string;
  readonly version: string;
}

const groups = ["dependencies", "devDependencies", "optionalDependencies"] as const;

/** Folder ("" for the lockfile's own) to what its manifest asked for. */
function importersOf(tree: PnpmTree): Map<string, ReadonlyMap<string, Locked>> {
  const roots = tree.get("importers")?.children ?? new Map([[".", { children: tree }]]);
  return new Map(
    [...roots].map(([folder, { children }]) => [
      folder === "." ? "" : folder,
      new Map(groups.flatMap((group) => [...(children.get(group)?.children ?? none)].map(lockedOf))),
    ]),
  );
}

function lockedOf([name, { lines }]: [string, PnpmNode]): [string, Locked] {
  const field = (key: string): string =>
    valueOf(lines.find((line) => line.trimStart().startsWith(`${key}: `)) ?? "");
  return [name, { specifier: field("specifier"), version: field("version") }];
}

function disagreements(tree: PnpmTree, manifests: Manifests): string[] {
  const settings = yamlValue(manifests.texts.get("pnpm-workspace.yaml") ?? "");
  const patterns = settings instanceof Map ? stringsOf(settings.get("packages")) : [];
  const { all, problems } = readPackageManifests(manifests, patterns);
  const overrides: unknown = settings instanceof Map ? settings.get("overrides") : undefined;
  const more = overrides instanceof Map ? [...overrides.keys()].map(String).map(overriddenName) : [];
  const overridden = new Set([...overridesOf(all), ...more]);
  const importers = importersOf(tree);
  return [
    ...problems,
    ...all.flatMap((manifest) => disagreementsOf(importers.get(manifest.folder), manifest, overridden)),
  ];
}

function disagreementsOf(
  importer: ReadonlyMap<string, Locked> | undefined,
  { folder, wanted }: PackageManifest,
  overridden: ReadonlySet<string>,
): string[] {
  const where = folder === "" ? "package.json" : `${folder}/package.json`;
  if (importer === undefined) return wanted.length === 0 ? [] : [`${where} has no importer in the lockfile.`];
  const names = new Set(wanted.map(({ name }) => name));
  const stale = [...importer.keys()]
    .filter((name) => !names.has(name))
    .map((name) => `The lockfile says that ${where} asks for ${name}, and it does not.`);
  const asked = wanted.flatMap(({ name, range, kind, optional }) => {
    const locked = importer.get(name);
    const isLater = wanted.some((one) => one.name === name && one.kind !== kind && one.range !== range);
    if (locked === undefined)
      return optional || kind === "peerDependencies"
        ? []
        : [`${where} asks for ${name} ${range}, which is not locked.`];
    if (overridden.has(name) || isLater) return [];
    if (locked.specifier !== range)
      return [`${where} asks for ${name} ${range}, and the lockfile's copy says ${locked.specifier}.`];
    const version = locked.version.split(/[(_]/)[0] ?? "";
    return !/^\d/.test(version) || meetsNpm(version, range)
      ? []
      : [`${where} asks for ${name} ${range}, and ${version} is locked.`];
  });
  return [...asked, ...stale];
}
