/** Who may import what (docs/design.md, section "Layers"). The arrows point inwards; core knows nobody. */
const only = (folder, ...to) => ({
  name: `${folder}-imports`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: [`^src/${folder}/`, ...to.map((name) => `^src/${name}/`)] },
});
const sdk = (name, ...folders) => ({
  name: `${name.replace(/\W+/g, "-")}-confined`,
  severity: "error",
  from: { path: "^src/", pathNot: folders.map((folder) => `^src/${folder}`) },
  to: { path: name.startsWith("node:") ? `^${name.slice(5)}$` : `node_modules/${name}(/|$)` },
});
module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-is-pure",
      severity: "error",
      from: { path: "^src/core/" },
      to: { pathNot: ["^src/core/", "node_modules/zod/", "^node:crypto$", "^crypto$"] },
    },
    {
      name: "agents-are-islands",
      severity: "error",
      from: { path: "^src/agents/([^/]+)/" },
      to: { path: "^src/agents/", pathNot: "^src/agents/$1/" },
    },
    only("config", "core"),
    only("syntax", "core"),
    only("merge", "core", "syntax"),
    only("verifiers", "core", "syntax", "merge"),
    only("agents", "core", "syntax", "merge", "verifiers"),
    only("planner", "core"),
    only("pipeline", "core", "planner"),
    only("webhooks", "core", "config"),
    only("queue", "core", "config"),
    only("store", "core", "config"),
    only("github", "core", "config"),
    only("workspace", "core", "config"),
    only("web", "core", "config"),
    {
      name: "nobody-imports-the-command-line",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/(main\\.ts|cli/)" },
      to: { path: "^src/(main\\.ts|cli/)" },
    },
    sdk("probot", "webhooks/", "github/"),
    sdk("@octokit", "github/"),
    sdk("bullmq", "queue/", "store/"),
    sdk("ioredis", "queue/", "store/"),
    sdk("pg", "queue/", "store/"),
    sdk("@electric-sql/pglite", "store/"),
    sdk("simple-git", "workspace/"),
    sdk("node:child_process", "workspace/"),
    sdk("web-tree-sitter", "syntax/"),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      conditionNames: ["import", "types", "node", "default"],
      exportsFields: ["exports"],
    },
  },
};
