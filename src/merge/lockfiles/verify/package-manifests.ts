// The package.json files that a lockfile of npm, pnpm or yarn was made of: the one beside it and those of its workspaces.
import { matchesGlob } from "../../../core/glob.ts";
import { asObject, type JsonObject } from "../package-lock-read.ts";
import type { Manifests } from "./locked-file.ts";

export const dependencyKinds = [
  "dependencies",
  "devDependencies",
  "optionalDependencies",
  "peerDependencies",
] as const;
type DependencyKind = (typeof dependencyKinds)[number];

export interface WantedPackage {
  readonly name: string;
  readonly range: string;
  readonly kind: DependencyKind;
  /** May be missing from an install. */
  readonly optional: boolean;
}

export interface PackageManifest {
  /** Folder relative to the lockfile's, "" for its own. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly wanted: readonly WantedPackage[];
  /** Names that the settings in this manifest may give another range: overrides, resolutions. */
  readonly overridden: ReadonlySet<string>;
}

export interface PackageManifests {
  readonly all: readonly PackageManifest[];
  /** What is the matter with them, a line each. */
  readonly problems: readonly string[];
}

/** `patterns`: where the workspaces are, if another file than the root's package.json says so. */
export function readPackageManifests({ texts }: Manifests, patterns?: readonly string[]): PackageManifests {
  const root = readJson(texts.get("package.json"));
  if (root === null) return { all: [], problems: ["package.json is not there, or is no JSON object."] };
  const wanted = patterns ?? workspacePatterns(root);
  const problems: string[] = [];
  const all = [manifestOf("", root)];
  for (const [path, text] of texts) {
    const folder = path.endsWith("/package.json") ? path.slice(0, -"/package.json".length) : "";
    if (folder === "" || folder.split("/").includes("node_modules") || !isWorkspace(folder, wanted)) continue;
    const value = readJson(text);
    if (value === null) problems.push(`${path} is no JSON object.`);
    else all.push(manifestOf(folder, value));
  }
  return { all, problems };
}

function readJson(text: string | undefined): JsonObject | null {
  try {
    return text === undefined ? null : asObject(JSON.parse(text.replace(/^\uFEFF/, "")));
  } catch {
    return null;
  }
}

function workspacePatterns(root: JsonObject): string[] {
  const value = root["workspaces"];
  return stringsOf(Array.isArray(value) ? value : asObject(value)?.["packages"]);
}

export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}

/** Whether the patterns name the folder: a later one that begins with "!" takes folders out again. */
function isWorkspace(folder: string, patterns: readonly string[]): boolean {
  return patterns.reduce((named, pattern) => {
    const isNegative = pattern.startsWith("!");
    const bare = pattern.replace(/^!/, "").replace(/^\.\//, "").replace(/\/$/, "");
    return matchesGlob(`/${bare}`, folder) ? !isNegative : named;
  }, false);
}

function manifestOf(folder: string, value: JsonObject): PackageManifest {
  const optionalNames = new Set(Object.keys(asObject(value["optionalDependencies"]) ?? {}));
  const peers = asObject(value["peerDependenciesMeta"]);
  const isOptional = (name: string, kind: DependencyKind): boolean =>
    kind === "optionalDependencies" ||
    (kind === "peerDependencies" && asObject(peers?.[name])?.["optional"] === true);
  const wanted = dependencyKinds.flatMap((kind) =>
    Object.entries(asObject(value[kind]) ?? {}).flatMap(([name, range]) =>
      typeof range !== "string" || (kind === "dependencies" && optionalNames.has(name))
        ? []
        : [{ name, range, kind, optional: isOptional(name, kind) }],
    ),
  );
  const overridden = ["overrides", "resolutions"].map((key) => asObject(value[key]));
  const pnpm = asObject(asObject(value["pnpm"])?.["overrides"]);
  return {
    folder,
    name: textOf(value["name"]),
    version: textOf(value["version"]),
    wanted,
    overridden: new Set([...overridden, pnpm].flatMap((one) => Object.keys(one ?? {}).map(overriddenName))),
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The package that an override's key is about, its last: "a>b@1" and "a/b" mean b, "@scope/name" is one name. */
export function overriddenName(key: string): string {
  const last = key.split(">").at(-1)?.trim() ?? "";
  const [, name = last] = /(?:^|\/)((?:@[^/@]+\/)?[^/@]+)(?:@.*)?$/.exec(last) ?? [];
  return name;
}
