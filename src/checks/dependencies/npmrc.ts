// Settings of npm and pnpm that a project may have: most are harmless, some name a program or a file of the tree to run.

/** Settings that only say from where packages come, which, and how they lie. */
const plain = new Set([
  "registry",
  "save-exact",
  "save-prefix",
  "package-lock",
  "lockfile-version",
  "engine-strict",
  "legacy-peer-deps",
  "strict-peer-deps",
  "strict-peer-dependencies",
  "auto-install-peers",
  "resolve-peers-from-workspace-root",
  "dedupe-peer-dependents",
  "fund",
  "audit",
  "loglevel",
  "progress",
  "update-notifier",
  "ignore-scripts",
  "always-auth",
  "install-strategy",
  "hoist",
  "hoist-pattern[]",
  "public-hoist-pattern[]",
  "shamefully-hoist",
  "node-linker",
  "link-workspace-packages",
  "prefer-workspace-packages",
  "shared-workspace-lockfile",
  "save-workspace-protocol",
  "minimum-release-age",
  "optional",
  "omit",
  "include",
  "tag-version-prefix",
  "access",
  "provenance",
]);

/** Whether every setting is known to run nothing of the tree. */
export function isPlainNpmrc(text: string): boolean {
  return text.split(/[\r\n]/).every((line) => {
    const setting = line.trim();
    if (setting === "" || setting.startsWith("#") || setting.startsWith(";")) return true;
    const name = (setting.split("=")[0] ?? "").trim();
    return plain.has(name) || /^@[\w.-]+:registry$/.test(name) || name.startsWith("//");
  });
}
