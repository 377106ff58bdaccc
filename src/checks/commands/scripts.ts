// Commands of a JavaScript project: the scripts of its package.json, and what its dependencies can do without one.
import type { CommandName } from "../../core/checks.ts";
import type { TreeFiles } from "../affected/tree.ts";
import { readManifest } from "./package-json.ts";
import type { Manifest } from "./package-json.ts";
import type { Found } from "./types.ts";

/** Names of scripts by what they do, the usual first. A script that writes (`format`, `fix`) is none of them. */
const names: Readonly<Partial<Record<CommandName, readonly string[]>>> = {
  test: ["test", "test:unit", "tests", "unit", "unit-test", "jest", "mocha", "vitest"],
  typecheck: [
    "typecheck",
    "type-check",
    "check-types",
    "check:types",
    "types:check",
    "typecheck:all",
    "ts:check",
    "check:ts",
    "lint:types",
    "test:types",
    "tsc",
  ],
  lint: ["lint", "eslint", "check:lint", "lint:check"],
  format: ["format:check", "check:format", "format-check", "check-format", "prettier:check", "fmt:check"],
};

/** Test runners that need no script to be run, by the package that they come in. */
const bareRunners: readonly (readonly [string, string])[] = [
  ["vitest", "npx vitest run"],
  ["jest", "npx jest"],
  ["ava", "npx ava"],
];

/** `manager` is that of the whole repository: its lockfile lies at the top. */
export async function detectScripts(files: TreeFiles, manager: string): Promise<Found> {
  const found = new Map<CommandName, { line: string; from: string }>();
  const manifest = readManifest(
    files.paths.includes("package.json") ? await files.read("package.json") : null,
  );
  if (manifest === null) return found;
  for (const [name, candidates] of Object.entries(names)) {
    const script = candidates.find((candidate) => isUsable(manifest.scripts.get(candidate)));
    const command = commandName(name);
    if (script !== undefined && command !== null) {
      found.set(command, { line: scriptLine(manager, script), from: "package.json" });
    }
  }
  addBare(found, manifest, files.paths);
  return found;
}

function commandName(name: string): CommandName | null {
  return name === "test" || name === "typecheck" || name === "lint" || name === "format" ? name : null;
}

function addBare(
  found: Map<CommandName, { line: string; from: string }>,
  manifest: Manifest,
  paths: readonly string[],
): void {
  if (!found.has("typecheck") && paths.includes("tsconfig.json") && manifest.dependencies.has("typescript")) {
    found.set("typecheck", { line: "npx tsc --noEmit", from: "tsconfig.json" });
  }
  const runner = bareRunners.find(([name]) => manifest.dependencies.has(name));
  if (!found.has("test") && runner !== undefined) {
    found.set("test", { line: runner[1], from: "package.json" });
  }
}

/** npm's placeholder and its like say that there is no test, and fail. */
function isUsable(script: string | undefined): script is string {
  return (
    script !== undefined &&
    !/no tests?\b.*(?:specified|yet|found)|^\s*exit\s+[01]\s*$/is.test(script.slice(0, 300))
  );
}

function scriptLine(manager: string, script: string): string {
  if (manager === "npm" || manager === "pnpm") {
    return script === "test" ? `${manager} test` : `${manager} run ${script}`;
  }
  return manager === "yarn" ? `yarn ${script}` : `${manager} run ${script}`;
}

/** The package manager of a repository, by what it asks for, else by its lockfile. */
export function packageManager(manifest: Manifest | null, paths: readonly string[]): string {
  const asked = manifest?.packageManager ?? "";
  if (["npm", "pnpm", "yarn", "bun"].includes(asked)) return asked;
  if (paths.includes("pnpm-lock.yaml")) return "pnpm";
  if (paths.includes("yarn.lock")) return "yarn";
  return paths.includes("bun.lock") || paths.includes("bun.lockb") ? "bun" : "npm";
}
