// A made-up project and the lockfiles that six tools would write of it, with something wrong in them on demand.

interface Locked {
  readonly version: string;
  /** Names of what it depends on, at any version. */
  readonly needs?: readonly string[];
  /** What its checksum is made of; `null` leaves it out. */
  readonly content?: string | null;
  /** Another server than the public registry's. */
  readonly server?: string;
}

export interface Project {
  /** Name to the lower bound of a caret range: what the manifest asks for. */
  readonly wanted: Readonly<Record<string, string>>;
  /** What the lockfile says that the manifest asks for, where that is another thing. */
  readonly copied?: Readonly<Record<string, string>>;
  readonly locked: Readonly<Record<string, Locked>>;
}

export interface Format {
  readonly path: string;
  readonly manifestPath: string;
  readonly manifest: (wanted: Project["wanted"]) => string;
  readonly lock: (project: Project) => string;
}

const hex = (text: string): string => Buffer.from(text.padEnd(8, ".")).toString("hex");
const contentOf = (name: string, { version, content }: Locked): string | null =>
  content === undefined ? `${name} ${version}` : content;
const sorted = (locked: Project["locked"]) =>
  Object.entries(locked).sort(([one], [other]) => (one < other ? -1 : 1));
const caret = (wanted: Project["wanted"]) =>
  Object.fromEntries(Object.entries(wanted).map(([name, bound]) => [name, `^${bound}`]));
const copied = ({ wanted, copied: other }: Project) => other ?? wanted;

const packageJson = (wanted: Project["wanted"]): string =>
  JSON.stringify({ name: "shop", version: "1.0.0", dependencies: caret(wanted) });

const tarball = (name: string, { version, server = "https://registry.npmjs.org" }: Locked): string =>
  `${server}/${name}/-/${name}-${version}.tgz`;
const integrity = (name: string, one: Locked): string | null => {
  const content = contentOf(name, one);
  return content === null ? null : `sha512-${hex(content)}`;
};
const needsOf = ({ needs = [] }: Locked) => Object.fromEntries(needs.map((name) => [name, "*"]));

function npm(project: Project): string {
  const packages = sorted(project.locked).map(([name, one]) => [
    `node_modules/${name}`,
    {
      version: one.version,
      resolved: tarball(name, one),
      ...(integrity(name, one) === null ? {} : { integrity: integrity(name, one) }),
      dependencies: needsOf(one),
    },
  ]);
  const root = { name: "shop", version: "1.0.0", dependencies: caret(copied(project)) };
  const all = Object.fromEntries([["", root], ...packages]) as unknown;
  return `${JSON.stringify({ name: "shop", version: "1.0.0", lockfileVersion: 3, packages: all }, null, 2)}\n`;
}

function pnpm(project: Project): string {
  const importer = Object.entries(caret(copied(project))).flatMap(([name, range]) => [
    `      ${name}:`,
    `        specifier: ${range}`,
    `        version: ${project.locked[name]?.version ?? "1.0.0"}`,
  ]);
  const packages = sorted(project.locked).flatMap(([name, one]) => {
    const digest = integrity(name, one);
    const fields = [
      ...(digest === null ? [] : [`integrity: ${digest}`]),
      ...(one.server === undefined ? [] : [`tarball: ${tarball(name, one)}`]),
    ];
    return ["", `  ${name}@${one.version}:`, `    resolution: {${fields.join(", ")}}`];
  });
  const snapshots = sorted(project.locked).flatMap(([name, one]) => {
    const needs = (one.needs ?? []).map(
      (need) => `      ${need}: ${project.locked[need]?.version ?? "1.0.0"}`,
    );
    return needs.length === 0
      ? ["", `  ${name}@${one.version}: {}`]
      : ["", `  ${name}@${one.version}:`, "    dependencies:", ...needs];
  });
  return [
    "lockfileVersion: '9.0'",
    "",
    "importers:",
    "",
    "  .:",
    "    dependencies:",
    ...importer,
    "",
    "packages:",
    ...packages,
    "",
    "snapshots:",
    ...snapshots,
    "",
  ].join("\n");
}

/** The ranges under which a package is found: the project's own, and any. */
function ranges(project: Project, name: string): string[] {
  const own = caret(project.wanted)[name];
  const isNeeded = Object.values(project.locked).some(({ needs = [] }) => needs.includes(name));
  return [...(isNeeded || own === undefined ? ["*"] : []), ...(own === undefined ? [] : [own])];
}

function classic(project: Project): string {
  const blocks = sorted(project.locked).map(([name, one]) => {
    const digest = integrity(name, one);
    return [
      `${ranges(project, name)
        .map((range) => `${name}@${range}`)
        .join(", ")}:`,
      `  version "${one.version}"`,
      `  resolved "${tarball(name, one)}"`,
      ...(digest === null ? [] : [`  integrity ${digest}`]),
      ...((one.needs ?? []).length === 0 ? [] : ["  dependencies:"]),
      ...(one.needs ?? []).map((need) => `    ${need} "*"`),
    ].join("\n");
  });
  return `# yarn lockfile v1\n\n\n${blocks.join("\n\n")}\n`;
}

function berry(project: Project): string {
  const blocks = sorted(project.locked).map(([name, one]) => {
    const content = contentOf(name, one);
    const archive =
      one.server === undefined ? "" : `::__archiveUrl=${encodeURIComponent(tarball(name, one))}`;
    return [
      `"${ranges(project, name)
        .map((range) => `${name}@npm:${range}`)
        .join(", ")}":`,
      `  version: ${one.version}`,
      `  resolution: "${name}@npm:${one.version}${archive}"`,
      ...((one.needs ?? []).length === 0 ? [] : ["  dependencies:"]),
      ...(one.needs ?? []).map((need) => `    ${need}: "npm:*"`),
      ...(content === null ? [] : [`  checksum: 10c0/${hex(content)}`]),
      "  languageName: node",
      "  linkType: hard",
    ].join("\n");
  });
  const own = [
    '"shop@workspace:.":',
    "  version: 0.0.0-use.local",
    '  resolution: "shop@workspace:."',
    "  dependencies:",
    ...Object.entries(caret(copied(project))).map(([name, range]) => `    ${name}: "npm:${range}"`),
    "  languageName: unknown",
    "  linkType: soft",
  ].join("\n");
  const all = [...blocks, own].sort();
  return `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n${all.join("\n\n")}\n`;
}

function list(names: readonly string[]): string[] {
  return names.length === 0 ? [] : ["dependencies = [", ...names.map((name) => ` "${name}",`), "]"];
}

function cargo(project: Project): string {
  const packages = sorted(project.locked).map(([name, one]) => {
    const content = contentOf(name, one);
    return [
      "[[package]]",
      `name = "${name}"`,
      `version = "${one.version}"`,
      `source = "registry+${one.server ?? "https://github.com/rust-lang/crates.io-index"}"`,
      ...(content === null ? [] : [`checksum = "${hex(content)}"`]),
      ...list([...(one.needs ?? [])].sort()),
    ].join("\n");
  });
  const own = [
    "[[package]]",
    'name = "shop"',
    'version = "1.0.0"',
    ...list(Object.keys(copied(project)).sort()),
  ];
  return `version = 4\n\n${[...packages, own.join("\n")].join("\n\n")}\n`;
}

function uv(project: Project): string {
  const names = (all: readonly string[]) =>
    all.length === 0 ? [] : ["dependencies = [", ...all.map((name) => `    { name = "${name}" },`), "]"];
  const packages = sorted(project.locked).map(([name, one]) => {
    const content = contentOf(name, one);
    const server = one.server ?? "https://files.pythonhosted.org";
    const hash = content === null ? "" : `, hash = "sha256:${hex(content)}"`;
    return [
      "[[package]]",
      `name = "${name}"`,
      `version = "${one.version}"`,
      'source = { registry = "https://pypi.org/simple" }',
      ...names(one.needs ?? []),
      `sdist = { url = "${server}/${name}-${one.version}.tar.gz"${hash}, size = 1 }`,
    ].join("\n");
  });
  const own = [
    "[[package]]",
    'name = "shop"',
    'version = "1.0.0"',
    'source = { virtual = "." }',
    ...names(Object.keys(copied(project))),
  ].join("\n");
  return `version = 1\nrevision = 3\nrequires-python = ">=3.9"\n\n${[...packages, own].join("\n\n")}\n`;
}

const node = { manifestPath: "package.json", manifest: packageJson };

export const formats: Readonly<Record<string, Format>> = {
  npm: { ...node, path: "package-lock.json", lock: npm },
  pnpm: { ...node, path: "pnpm-lock.yaml", lock: pnpm },
  "yarn 1": { ...node, path: "yarn.lock", lock: classic },
  "later yarns": { ...node, path: "yarn.lock", lock: berry },
  cargo: {
    path: "Cargo.lock",
    manifestPath: "Cargo.toml",
    manifest: (wanted) =>
      `[package]\nname = "shop"\nversion = "1.0.0"\n\n[dependencies]\n${Object.entries(wanted)
        .map(([name, bound]) => `${name} = "${bound}"`)
        .join("\n")}\n`,
    lock: cargo,
  },
  uv: {
    path: "uv.lock",
    manifestPath: "pyproject.toml",
    manifest: (wanted) =>
      `[project]\nname = "shop"\nversion = "1.0.0"\ndependencies = [${Object.entries(wanted)
        .map(([name, bound]) => `"${name} >= ${bound}, < 2"`)
        .join(", ")}]\n`,
    lock: uv,
  },
};
