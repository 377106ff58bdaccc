// A made-up shop's dependencies, and the lockfile that each tool would write of them.
import type { ConflictedFile } from "../../../src/core/conflict.ts";

/** Name to the version that is locked. */
type Versions = Readonly<Record<string, string>>;

/** Who depends on whom. "shop" is the repository's own package. */
export interface Shop {
  readonly roots: readonly string[];
  readonly versions: Versions;
}

/** What each package of the made-up registry depends on: always on later ones, so that there is no cycle. */
const registry: Readonly<Record<string, readonly string[]>> = {
  alpha: ["delta", "golf"],
  bravo: ["echo"],
  charlie: ["delta", "echo"],
  delta: ["golf"],
  echo: [],
  foxtrot: ["golf", "hotel"],
  golf: [],
  hotel: [],
};
export const names = Object.keys(registry);

/** Names of all that is installed, sorted. */
export function installed({ roots }: Shop): string[] {
  const all = new Set(roots);
  for (const name of all) for (const next of registry[name] ?? []) all.add(next);
  return [...all].sort();
}

export const versionIn = ({ versions }: Shop, name: string): string => versions[name] ?? "1.0.0";
const hash = (name: string, version: string): string => Buffer.from(`${name}${version}`).toString("hex");

function cargo(shop: Shop): string {
  const block = (name: string, fields: readonly string[], needs: readonly string[]) =>
    [
      "[[package]]",
      `name = "${name}"`,
      ...fields,
      ...(needs.length === 0 ? [] : ["dependencies = [", ...needs.map((need) => ` "${need}",`), "]"]),
      "",
    ].join("\n");
  const packages = installed(shop).map((name) =>
    block(
      name,
      [
        `version = "${versionIn(shop, name)}"`,
        'source = "registry+https://registry.example/index"',
        `checksum = "${hash(name, versionIn(shop, name))}"`,
      ],
      registry[name] ?? [],
    ),
  );
  const own = block("shop", ['version = "0.1.0"'], [...shop.roots].sort());
  return `# Written by the tool.\nversion = 4\n\n${[...packages, own].join("\n")}`;
}

function classic(shop: Shop): string {
  const blocks = installed(shop).map((name) => {
    const needs = (registry[name] ?? []).map((need) => `    ${need} "^1.0.0"\n`);
    const version = versionIn(shop, name);
    const listed = needs.length === 0 ? "" : `  dependencies:\n${needs.join("")}`;
    return `${name}@^1.0.0:\n  version "${version}"\n  resolved "https://registry.example/${name}-${version}.tgz#${hash(name, version)}"\n${listed}`;
  });
  return `# yarn lockfile v1\n\n\n${blocks.join("\n")}`;
}

function berry(shop: Shop): string {
  const needsOf = (needs: readonly string[]) =>
    needs.length === 0
      ? ""
      : `  dependencies:\n${needs.map((need) => `    ${need}: "npm:^1.0.0"\n`).join("")}`;
  const blocks = installed(shop).map((name) => {
    const version = versionIn(shop, name);
    return `"${name}@npm:^1.0.0":\n  version: ${version}\n  resolution: "${name}@npm:${version}"\n${needsOf(registry[name] ?? [])}  checksum: 10/${hash(name, version)}\n  languageName: node\n  linkType: hard\n`;
  });
  const own = `"shop@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "shop@workspace:."\n${needsOf([...shop.roots].sort())}  languageName: unknown\n  linkType: soft\n`;
  return `# Written by the tool.\n\n__metadata:\n  version: 8\n  cacheKey: 10\n\n${[...blocks, own].join("\n")}`;
}

function pnpm(shop: Shop): string {
  const asked = [...shop.roots]
    .sort()
    .map((name) => `      ${name}:\n        specifier: ^1.0.0\n        version: ${versionIn(shop, name)}\n`);
  const packages = installed(shop).map(
    (name) =>
      `  ${name}@${versionIn(shop, name)}:\n    resolution: {integrity: sha512-${hash(name, versionIn(shop, name))}}\n`,
  );
  const snapshots = installed(shop).map((name) => {
    const needs = (registry[name] ?? []).map((need) => `      ${need}: ${versionIn(shop, need)}\n`);
    const key = `  ${name}@${versionIn(shop, name)}:`;
    return needs.length === 0 ? `${key} {}\n` : `${key}\n    dependencies:\n${needs.join("")}`;
  });
  const sections = [
    "lockfileVersion: '9.0'\n",
    "settings:\n  autoInstallPeers: true\n",
    `importers:\n\n  .:\n    dependencies:\n${asked.join("")}`,
    `packages:\n\n${packages.join("\n")}`,
    `snapshots:\n\n${snapshots.join("\n")}`,
  ];
  return sections.join("\n");
}

function goSum(shop: Shop): string {
  return installed(shop)
    .flatMap((name) => {
      const [module, sum] = [
        `example.org/${name} v${versionIn(shop, name)}`,
        hash(name, versionIn(shop, name)),
      ];
      return [`${module} h1:${sum}=\n`, `${module}/go.mod h1:mod${sum}=\n`];
    })
    .join("");
}

/** File name to writer. */
export const formats: Readonly<
  Record<string, { readonly path: string; readonly write: (shop: Shop) => string }>
> = {
  cargo: { path: "Cargo.lock", write: cargo },
  "yarn 1": { path: "web/yarn.lock", write: classic },
  "later yarn": { path: "yarn.lock", write: berry },
  pnpm: { path: "pnpm-lock.yaml", write: pnpm },
  "go.sum": { path: "go.sum", write: goSum },
};

/** A file that is one hunk from top to bottom. */
export function oneHunk(path: string, base: string | null, ours: string, theirs: string): ConflictedFile {
  return { path, base, ours, theirs, segments: [{ kind: "hunk", base: base ?? "", ours, theirs }] };
}
