// uv.lock, for a check.
import { matchesGlob } from "../../../core/glob.ts";
import { readToml } from "../../../syntax/toml.ts";
import { isNamed } from "../lock-driver.ts";
import { asObject, type JsonObject } from "../package-lock-read.ts";
import { commitDigest } from "./locked-file.ts";
import type { LockReader, LockedPackage, Manifests } from "./locked-file.ts";
import { stringsOf } from "./package-manifests.ts";
import { normalName, readRequirement } from "./python-requirement.ts";
import { meetsPython } from "./ranges.ts";

interface UvPackage {
  readonly name: string;
  readonly version: string;
  readonly source: JsonObject;
  readonly entry: JsonObject;
}

/** More versions of one package than any lockfile has. */
const mostOfOneName = 100;

type ByName = ReadonlyMap<string, readonly UvPackage[]>;

export const uvLock: LockReader = {
  matches: (path) => isNamed(path, "uv.lock"),
  read: (text) => {
    const all = readPackages(text);
    if (all === null) return null;
    const named = byName(all);
    if ([...named.values()].some(({ length }) => length > mostOfOneName)) return null;
    return {
      packages: all.filter((one) => !isOwn(one)).map(packageOf),
      faults: all.flatMap((one) => faultsOf(one, named)),
      disagreements: (manifests) => disagreements(named, manifests),
    };
  },
};

function byName(all: readonly UvPackage[]): ByName {
  const named = new Map<string, UvPackage[]>();
  for (const one of all) {
    const others = named.get(one.name);
    if (others === undefined) named.set(one.name, [one]);
    else others.push(one);
  }
  return named;
}

function readPackages(text: string): UvPackage[] | null {
  const file = readToml(text);
  const listed = file?.["package"];
  if (file?.["version"] !== 1n || !Array.isArray(listed)) return null;
  const packages = listed.map((value) => {
    const entry = asObject(value);
    const source = asObject(entry?.["source"]);
    const name = entry?.["name"];
    return entry === null || source === null || typeof name !== "string"
      ? null
      : { name, version: textOf(entry["version"]), source, entry };
  });
  return packages.every((one) => one !== null) ? packages : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isOwn({ source }: UvPackage): boolean {
  return "virtual" in source || "editable" in source || "directory" in source;
}

function packageOf({ name, version, source, entry }: UvPackage): LockedPackage {
  const listed = entry["wheels"];
  const wheels: unknown[] = Array.isArray(listed) ? listed : [];
  const files = [entry["sdist"], ...wheels].map(asObject).filter((one) => one !== null);
  const git = textOf(source["git"]);
  const digests = files.flatMap((file) => {
    const url = textOf(file["url"]) || textOf(file["path"]) || textOf(source["url"]);
    const hash = textOf(file["hash"]);
    return hash === "" ? [] : [[url.split("/").at(-1) ?? "", hash] as const];
  });
  const places = [source["registry"], source["url"], ...files.map((file) => file["url"])].map(textOf);
  return {
    name,
    version,
    digests: new Map([...digests, ...(git === "" ? [] : commitDigest(git))]),
    // Every file is pinned, not only one: an install takes the one that fits the machine.
    isPinned: git !== "" || digests.length >= Math.max(1, files.length),
    sources: [
      ...new Set([...places, git === "" ? "" : `git+${git}`].filter((one) => /^[a-z+]+:\/\//.test(one))),
    ],
  };
}

interface Wish {
  readonly name: string;
  readonly version: string;
}

function wishesOf(value: unknown): Wish[] {
  const listed: unknown[] = Array.isArray(value) ? value : [];
  return listed
    .map(asObject)
    .map((one) => ({ name: textOf(one?.["name"]), version: textOf(one?.["version"]) }));
}

function allWishes({ entry }: UvPackage): Wish[] {
  const groups = ["optional-dependencies", "dev-dependencies"].flatMap((key) =>
    Object.values(asObject(entry[key]) ?? {}),
  );
  return [entry["dependencies"], ...groups].flatMap(wishesOf);
}

function faultsOf(one: UvPackage, named: ByName): string[] {
  return allWishes(one)
    .filter((wish) => lockedFor(wish, named).length === 0)
    .map((wish) => `${one.name} needs ${`${wish.name} ${wish.version}`.trim()}, which is not locked.`);
}

function lockedFor({ name, version }: Wish, named: ByName): readonly UvPackage[] {
  return (named.get(name) ?? []).filter((one) => version === "" || one.version === version);
}

function disagreements(named: ByName, { texts }: Manifests): string[] {
  const root = readToml(texts.get("pyproject.toml") ?? "");
  if (root === null || !texts.has("pyproject.toml"))
    return ["pyproject.toml is not there, or does not parse."];
  const workspace = asObject(asObject(asObject(root["tool"])?.["uv"])?.["workspace"]);
  return [...texts].flatMap(([path, text]) => {
    if (!isNamed(path, "pyproject.toml") || !isMember(path, workspace)) return [];
    const manifest = readToml(text);
    return manifest === null ? [`${path} does not parse.`] : disagreementsOf(named, path, manifest);
  });
}

function isMember(path: string, workspace: JsonObject | null): boolean {
  const folder = path.split("/").slice(0, -1).join("/");
  const matches = (key: string): boolean =>
    stringsOf(workspace?.[key]).some((pattern) => matchesGlob(`/${pattern}`, folder));
  return folder === "" || (matches("members") && !matches("exclude"));
}

function disagreementsOf(named: ByName, path: string, manifest: JsonObject): string[] {
  const project = asObject(manifest["project"]);
  if (project === null) return [];
  const name = normalName(textOf(project["name"]));
  const own = named.get(name)?.find(isOwn);
  if (own === undefined) return [`${name} (${path}) has no entry in the lockfile.`];
  const uv = asObject(asObject(manifest["tool"])?.["uv"]);
  const elsewhere = new Set(Object.keys(asObject(uv?.["sources"]) ?? {}).map(normalName));
  const parts: [unknown, unknown][] = [
    [project["dependencies"], own.entry["dependencies"]],
    ...inGroups(project["optional-dependencies"], own.entry["optional-dependencies"]),
    ...inGroups(manifest["dependency-groups"], own.entry["dev-dependencies"]),
    ...(uv?.["dev-dependencies"] === undefined
      ? []
      : inGroups({ dev: uv["dev-dependencies"] }, own.entry["dev-dependencies"])),
  ];
  const dynamic = stringsOf(project["dynamic"]);
  return [
    ...parts.flatMap(([asked, locked]) =>
      stringsOf(asked).flatMap((text) => disagreement(text, { path, name, elsewhere, locked, named })),
    ),
    ...(dynamic.includes("dependencies")
      ? []
      : stale(path, project["dependencies"], own.entry["dependencies"])),
  ];
}

function stale(path: string, asked: unknown, locked: unknown): string[] {
  const names = new Set(stringsOf(asked).map((text) => readRequirement(text)?.name));
  return wishesOf(locked)
    .filter((wish) => !names.has(wish.name))
    .map((wish) => `The lockfile says that ${path} asks for ${wish.name}, and it does not.`);
}

function inGroups(asked: unknown, locked: unknown): [unknown, unknown][] {
  const groups = new Map(
    Object.entries(asObject(locked) ?? {}).map(([key, value]) => [normalName(key), value]),
  );
  return Object.entries(asObject(asked) ?? {}).map(([key, value]) => [value, groups.get(normalName(key))]);
}

interface Place {
  readonly path: string;
  readonly name: string;
  readonly elsewhere: ReadonlySet<string>;
  readonly locked: unknown;
  readonly named: ByName;
}

function disagreement(text: string, { path, name, elsewhere, locked, named }: Place): string[] {
  const wanted = readRequirement(text);
  if (wanted === null) return [`${path} asks for "${text.slice(0, 100)}", which is not a requirement.`];
  // A project may ask for its own extras.
  if (wanted.name === name) return [];
  const found = wishesOf(locked)
    .filter((one) => one.name === wanted.name)
    .flatMap((one) => lockedFor(one, named));
  const asked = `${path} asks for ${wanted.name} ${wanted.specifier}`.trimEnd();
  if (found.length === 0) return wanted.isConditional ? [] : [`${asked}, which is not locked.`];
  if (wanted.isUrl || elsewhere.has(wanted.name)) return [];
  return found.some(({ version }) => version === "" || meetsPython(version, wanted.specifier))
    ? []
    : [`${asked}, and ${found.map(({ version }) => version).join(" and ")} is locked.`];
}
