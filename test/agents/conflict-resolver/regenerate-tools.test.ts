// Which tool is run, in which version, and that no text of a repository becomes part of a command.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { toolFor } from "../../../src/agents/conflict-resolver/regenerate/tools.ts";

const none = { lock: "", manifest: "", settings: "" };
const wants = (tool: string) => JSON.stringify({ packageManager: tool });

describe("the tool of a lockfile", () => {
  it.each([
    ["package-lock.json", none, "npm install --package-lock-only"],
    ["web/npm-shrinkwrap.json", { ...none, manifest: wants("npm@10.9.0") }, "npx -y npm@10.9.0 install"],
    ["pnpm-lock.yaml", { ...none, manifest: wants("pnpm@9.15.0+sha512.ab") }, "npx -y pnpm@9.15.0 install"],
    ["pnpm-lock.yaml", { ...none, lock: "lockfileVersion: '6.0'\n" }, "npx -y pnpm@8 install"],
    ["pnpm-lock.yaml", { ...none, lock: "lockfileVersion: '9.0'\n" }, "npx -y pnpm@10 install"],
    ["yarn.lock", none, "npx -y yarn@1.22.22 install --ignore-scripts"],
    [
      "yarn.lock",
      { ...none, lock: "__metadata:\n  version: 6\n" },
      "npx -y -p @yarnpkg/cli-dist@3 yarn install --mode=update-lockfile",
    ],
    [
      "yarn.lock",
      {
        ...none,
        lock: "__metadata:\n  version: 8\n",
        settings: "yarnPath: .yarn/releases/yarn-4.1.1.cjs\n",
      },
      "npx -y -p @yarnpkg/cli-dist@4.1.1 yarn install",
    ],
    ["crates/Cargo.lock", none, "cargo update --workspace"],
    ["uv.lock", none, "uv lock"],
  ])("%s with %j: %s", (path, texts, line) => {
    const plan = toolFor(path, texts);
    expect(plan?.line.startsWith(line)).toBe(true);
    expect(plan?.returns).toEqual([path]);
    expect(plan?.folder).toBe(path.includes("/") ? path.split("/")[0] : "");
  });

  it("is not known for other files", () => {
    expect(["go.sum", "package.json", "constructor", "lock/"].map((path) => toolFor(path, none))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });

  it("has a line of its own words and numbers, whatever the repository's files hold", () => {
    const version = fc.oneof(
      fc.string(),
      fc.constantFrom("1.0.0$(id)", "1.0.0 && id", "4.0.0-`id`", "1.0.0;id"),
    );
    const path = fc.constantFrom("package-lock.json", "pnpm-lock.yaml", "yarn.lock", "Cargo.lock", "uv.lock");
    const lock = version.map((one) => `__metadata:\n  version: ${one}\nlockfileVersion: '${one}'\n`);
    fc.assert(
      fc.property(path, version, lock, fc.constantFrom("npm", "pnpm", "yarn"), (at, wanted, text, tool) => {
        const settings = `yarnPath: .yarn/releases/yarn-${wanted}.cjs\n`;
        const plan = toolFor(at, { lock: text, manifest: wants(`${tool}@${wanted}`), settings });
        expect(plan?.line).toMatch(/^[\w .@/=-]+$/);
      }),
    );
  });
});
