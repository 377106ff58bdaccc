// What holds where no file says otherwise.
import type { Policy } from "../core/policy.ts";

/**
 * Paths that decide what runs, who reviews, or what agents are told: whoever writes one of these gains more than a change of code.
 * A model's or a rule's result that equals neither side is refused there. They cannot be taken away by a file, only added to.
 * Patterns as in .gitignore; matched without regard to case.
 */
export const builtInProtectedPaths: readonly string[] = [
  // What GitHub runs, and with which rights.
  ".github/workflows/**",
  ".github/actions/**",
  ".github/dependabot.yml",
  ".github/dependabot.yaml",
  // Who must review: the three places where GitHub looks.
  "/CODEOWNERS",
  ".github/CODEOWNERS",
  "docs/CODEOWNERS",
  // What git itself obeys.
  ".gitmodules",
  ".gitattributes",
  ".gitconfig",
  // What runs on a developer's machine at commit or at opening of the folder.
  ".husky/**",
  ".githooks/**",
  ".git-hooks/**",
  ".pre-commit-config.yaml",
  "lefthook.yml",
  "lefthook.yaml",
  ".vscode/**",
  ".devcontainer/**",
  ".envrc",
  // Where package managers fetch from, and with which credentials.
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
  ".pnpmfile.cjs",
  "bunfig.toml",
  "pip.conf",
  ".pypirc",
  ".cargo/config",
  ".cargo/config.toml",
  ".bundle/config",
  "nuget.config",
  // Other builders of the same code.
  ".gitlab-ci.yml",
  ".circleci/**",
  ".buildkite/**",
  "Jenkinsfile",
  "azure-pipelines.yml",
  // Our own rules, and what agents are told.
  ".github/agent.yml",
  ".github/guidelines/**",
  ".github/copilot-instructions.md",
  ".github/instructions/**",
  ".github/agents/**",
  "AGENTS.md",
  "CLAUDE.md",
  "GEMINI.md",
  ".claude/**",
  ".cursor/**",
  ".cursorrules",
  ".mcp.json",
];

/** The bar is design section 5's: nine of ten such resolutions were the developers' own, at the lower end of the measurement. */
export const defaultPolicy: Policy = {
  push: { mode: "asked", bar: 0.9 },
  commit: { prefix: "", signOff: false },
  conflicts: { ignore: [] },
  protectedPaths: builtInProtectedPaths,
  commands: {},
  regenerate: [],
  models: { enabled: true, agents: {}, budget: { run: null, pull: null } },
  auto: {
    checks: "propose",
    conflicts: "off",
    ignoreLabels: ["agent: ignore"],
    ignoreBranches: ["renovate/**", "dependabot/**"],
    drafts: false,
  },
  ledger: { contents: false },
};
