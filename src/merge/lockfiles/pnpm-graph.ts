// What the entries of a pnpm-lock.yaml ask for, and what of it is not there.
import type { Lines } from "./lock-text.ts";
import { referencesOf, valueOf, type PnpmNode, type PnpmTree, type Reference } from "./pnpm-read.ts";
import { reachable } from "./reach.ts";

/** The sections whose entries are installed packages. */
export const keysOf: ReadonlySet<string> = new Set(["packages", "snapshots"]);

const groups = ["dependencies", "devDependencies", "optionalDependencies"] as const;

interface Importer {
  readonly name: string;
  readonly wanted: readonly (Reference & { readonly dev: boolean })[];
}

const none: PnpmTree = new Map();

function importersOf(tree: PnpmTree): Importer[] {
  const roots = tree.get("importers")?.children ?? new Map([[".", { children: tree }]]);
  return [...roots].map(([name, { children }]) => ({
    name,
    wanted: groups.flatMap((group) =>
      [...(children.get(group)?.children ?? none)].map(([key, node]) => ({
        name: key,
        version: versionOf(node),
        optional: group === "optionalDependencies",
        dev: group === "devDependencies",
      })),
    ),
  }));
}

/** The version that an importer's dependency is resolved to: a line below it, or behind its key. */
function versionOf({ head, lines }: PnpmNode): string {
  return valueOf(lines.find((line) => line.trimStart().startsWith("version: ")) ?? head);
}

/** The entry that a dependency is resolved to, in any version of the format; `null` where it is not there. */
function resolve(entries: PnpmTree, { name, version }: Reference): string | null {
  const keys = [`${name}@${version}`, version, `/${name}@${version}`, `/${name}/${version}`];
  return keys.find((key) => entries.has(key)) ?? null;
}

function entriesOf(tree: PnpmTree): PnpmTree {
  return (tree.get("snapshots") ?? tree.get("packages"))?.children ?? none;
}

/** A link, or a file of the repository itself, is no entry. */
function isInstalled({ version }: Reference): boolean {
  return !version.startsWith("link:");
}

function wantedOf(entries: PnpmTree, key: string): Reference[] {
  return referencesOf(entries.get(key)?.lines ?? []).filter(isInstalled);
}

/** "section key" of every installed package that no importer leads to. */
export function unreached(tree: PnpmTree): Set<string> {
  const entries = entriesOf(tree);
  const found = (wanted: Reference) => resolve(entries, wanted) ?? [];
  const reached = reachable(reachableRoots(tree), (key) => wantedOf(entries, key).flatMap(found));
  if (!tree.has("snapshots"))
    return new Set([...entries.keys()].filter((key) => !reached.has(key)).map(inPackages));
  const packages = new Set([...reached].map(withoutPeers));
  return new Set([
    ...[...entries.keys()].filter((key) => !reached.has(key)).map((key) => `snapshots ${key}`),
    ...[...(tree.get("packages")?.children ?? none).keys()]
      .filter((key) => !packages.has(key))
      .map(inPackages),
  ]);
}

function inPackages(key: string): string {
  return `packages ${key}`;
}

function reachableRoots(
  tree: PnpmTree,
  wanted: (one: Importer["wanted"][number]) => boolean = () => true,
): string[] {
  const entries = entriesOf(tree);
  return importersOf(tree).flatMap((importer) =>
    importer.wanted.filter((one) => wanted(one)).flatMap((one) => resolve(entries, one) ?? []),
  );
}

/** A snapshot's key without the peers that it is resolved with: the package's own key. */
function withoutPeers(key: string): string {
  const at = key.indexOf("(");
  return at < 0 ? key : key.slice(0, at);
}

/** One line for each fault, the same for the same fault in another lockfile. */
export function faultsOf(tree: PnpmTree): string[] {
  return [...missing(tree), ...strangers(tree), ...unspecified(tree), ...marks(tree)];
}

function missing(tree: PnpmTree): string[] {
  const entries = entriesOf(tree);
  const lacks = (from: string, wanted: readonly Reference[]) =>
    wanted
      .filter((one) => isInstalled(one) && resolve(entries, one) === null)
      .map(({ name, version }) => `${from} > ${name} ${version}: missing`);
  const packages = tree.get("packages")?.children ?? none;
  const bare = tree.has("snapshots")
    ? [...entries.keys()].filter((key) => !packages.has(withoutPeers(key))).map((key) => `${key}: no package`)
    : [];
  return [
    ...importersOf(tree).flatMap(({ name, wanted }) => lacks(name, wanted)),
    ...[...entries.keys()].flatMap((key) => lacks(key, wantedOf(entries, key))),
    ...bare,
  ];
}

const peerForm = /[(_+]([^()@_+]*@?[^()@_+]+)@([^()@_+]+)/g;

/** A peer that an importer has itself must be the very version that its other dependencies were resolved with. */
function strangers(tree: PnpmTree): string[] {
  return importersOf(tree).flatMap(({ name: importer, wanted }) => {
    const own = new Map(wanted.map(({ name, version }) => [name, version.split(/[(_]/)[0] ?? ""]));
    return wanted.flatMap(({ name, version }) =>
      Array.from(version.matchAll(peerForm)).flatMap(([, peer = "", resolved = ""]) => {
        const installed = own.get(peer.replace("+", "/"));
        return installed === undefined || installed === resolved || !/^\d/.test(installed)
          ? []
          : [`${importer} > ${name}: with ${peer} ${resolved}, not ${installed}`];
      }),
    );
  });
}

/** Older lockfiles keep specifiers apart from versions: each dependency has one of each. */
function unspecified(tree: PnpmTree): string[] {
  const roots = tree.get("importers")?.children ?? new Map([[".", { children: tree }]]);
  return [...roots].flatMap(([importer, { children }]) => {
    const specifiers = children.get("specifiers")?.children;
    if (specifiers === undefined) return [];
    const named = new Set(groups.flatMap((group) => [...(children.get(group)?.children ?? none).keys()]));
    return [...new Set([...named, ...specifiers.keys()])]
      .filter((name) => named.has(name) !== specifiers.has(name))
      .map((name) => `${importer} > ${name}: specifier or version only`);
  });
}

/** Older lockfiles mark what only development, or only optional dependencies, need. */
function marks(tree: PnpmTree): string[] {
  const entries = entriesOf(tree);
  const found = (wanted: Reference) => resolve(entries, wanted) ?? [];
  const needed = (roots: readonly string[], optional: boolean) =>
    reachable(roots, (key) =>
      wantedOf(entries, key)
        .filter((one) => optional || !one.optional)
        .flatMap(found),
    );
  const production = needed(
    reachableRoots(tree, ({ dev }) => !dev),
    true,
  );
  const mandatory = needed(
    reachableRoots(tree, ({ optional }) => !optional),
    false,
  );
  const has = (lines: Lines, mark: string) => lines.includes(`    ${mark}: true`);
  return [...entries].flatMap(([key, { lines }]) => [
    ...(has(lines, "dev") && production.has(key) ? [`${key}: dev, but needed`] : []),
    ...(has(lines, "optional") && mandatory.has(key) ? [`${key}: optional, but needed`] : []),
  ]);
}
