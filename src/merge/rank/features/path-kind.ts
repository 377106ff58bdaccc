// What a path says of its file: the part it plays in a repository, and its language.

const categories = ["code", "docs", "config", "manifest", "changelog", "lockfile", "generated"] as const;

export type Category = (typeof categories)[number];

const patterns: readonly (readonly [Category, RegExp])[] = [
  [
    "lockfile",
    /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|poetry\.lock|Pipfile\.lock|composer\.lock|Gemfile\.lock|uv\.lock|bun\.lock|flake\.lock)$/i,
  ],
  ["changelog", /(?:^|\/)(?:changelog|changes|history|news|releases?|release[-_]notes?)[^/]*$/i],
  [
    "manifest",
    /(?:^|\/)(?:package\.json|Cargo\.toml|go\.mod|pyproject\.toml|setup\.(?:py|cfg)|pom\.xml|build\.gradle(?:\.kts)?|requirements[^/]*\.txt|composer\.json|Gemfile|bower\.json|Pipfile)$/i,
  ],
  [
    "generated",
    /(?:^|\/)(?:dist|build|vendor|generated|gen|snapshots?|__snapshots__)\/|\.min\.|\.pb\.|\.snap$|_pb2/i,
  ],
  ["docs", /\.(?:md|mdx|rst|txt|adoc)$|(?:^|\/)docs?\//i],
  [
    "config",
    /\.(?:json[c5]?|ya?ml|toml|ini|cfg|xml|properties|conf|env)$|(?:^|\/)\.[^/]+$|(?:^|\/)(?:Dockerfile|Makefile)/i,
  ],
];

export function categoryOf(path: string): Category {
  return patterns.find(([, pattern]) => pattern.test(path))?.[0] ?? "code";
}

export const categoryNumber = (path: string): number => categories.indexOf(categoryOf(path));

const extensions: Readonly<Record<string, number>> = Object.fromEntries(
  [
    ["ts", "tsx", "mts", "cts"],
    ["js", "jsx", "mjs", "cjs"],
    ["py", "pyi"],
    ["java", "kt", "scala"],
    ["go"],
    ["rs"],
    ["json", "json5", "jsonc"],
    ["yml", "yaml"],
    ["md", "mdx", "markdown"],
    ["toml"],
    ["rst", "txt"],
    ["css", "less", "scss"],
    ["html", "vue", "svelte", "xml"],
    ["c", "h", "cc", "cpp", "hpp", "cs"],
    ["rb", "php", "sh"],
  ].flatMap((group, number) => group.map((extension) => [extension, number])),
);

/** A number for the language of a path, by its extension; 99 for one that has none of the known. */
export function languageNumber(path: string): number {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  return Object.hasOwn(extensions, extension) ? (extensions[extension] ?? 99) : 99;
}
