// Lockfiles of npm, pnpm and both yarns, written anew by the tools themselves in the real sandbox, from a registry of this machine.
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { describeSandboxed } from "../../support/sandbox.ts";
import { regenerate } from "./regenerate-merge.ts";
import type { Files, Merge } from "./regenerate-merge.ts";
import { lockOf, openWorld, settingsOf } from "./regenerate-world.ts";
import type { World } from "./regenerate-world.ts";

jest.setTimeout(120_000);

interface Tool {
  readonly path: string;
  readonly packageManager?: string;
  /** Tells yarns apart. */
  readonly draft?: string;
  /** What the tool would write of a wider range that is locked at the same version. */
  readonly widened: (lock: string, name: string, version: string) => string;
  /** The version of a package that a lockfile has. */
  readonly versionOf: (lock: string, name: string) => string | null;
  readonly from: string;
  /** Whose version is the higher: the one that the tool itself would not take, of two behind markers. */
  readonly higher: "ours" | "theirs";
}

const found = (text: string, form: string): string | null => new RegExp(form).exec(text)?.[1] ?? null;

const tools: Readonly<Record<string, Tool>> = {
  npm: {
    path: "package-lock.json",
    widened: (lock, name, version) => lock.replace(`"${name}": "${version}"`, `"${name}": "^1.0.0"`),
    versionOf: (lock, name) => found(lock, `"node_modules/${name}": \\{\\s+"version": "([^"]+)`),
    from: "rough",
    higher: "theirs",
  },
  pnpm: {
    path: "pnpm-lock.yaml",
    packageManager: "pnpm@10.34.9",
    widened: (lock, name, version) =>
      lock.replace(`${name}:\n        specifier: ${version}`, `${name}:\n        specifier: ^1.0.0`),
    versionOf: (lock, name) => found(lock, `\n  ${name}@([^:]+):`),
    from: "markers",
    higher: "theirs",
  },
  "yarn 1": {
    path: "yarn.lock",
    packageManager: "yarn@1.22.22",
    widened: (lock, name, version) => lock.replace(`${name}@${version}:`, `${name}@^1.0.0:`),
    versionOf: (lock, name) => found(lock, `(?:^|\n)"?${name}@[^\n]+\n  version "([^"]+)`),
    from: "rough",
    higher: "ours",
  },
  "later yarns": {
    path: "yarn.lock",
    packageManager: "yarn@4.18.1",
    draft: "__metadata",
    widened: (lock, name, version) =>
      lock
        .replace(`"${name}@npm:${version}":`, `"${name}@npm:^1.0.0":`)
        .replace(`${name}: "npm:${version}"`, `${name}: "npm:^1.0.0"`),
    versionOf: (lock, name) => found(lock, `(?:^|\n)"${name}@[^\n]+\n  version: ([^\n]+)`),
    from: "rough",
    higher: "ours",
  },
};

type Wanted = Readonly<Record<string, string>>;

const manifest = ({ packageManager }: Tool, dependencies: Wanted, more: object = {}): string =>
  `${JSON.stringify({ name: "shop", version: "1.0.0", packageManager, ...more, dependencies }, null, 2)}\n`;

describeSandboxed("a lockfile written anew", () => {
  let world: World;
  beforeAll(async () => {
    world = await openWorld();
  });
  afterAll(() => world.close());

  describe.each(Object.entries(tools))("by %s", (_, tool) => {
    const { path, draft, widened, versionOf, from, higher } = tool;

    /** One side's files: `alpha` asked for at any 1.x and locked at a version, and more. */
    async function side(alpha: string, more: Wanted): Promise<Files> {
      const lock = await lockOf(world, path, { "package.json": manifest(tool, { alpha, ...more }) }, draft);
      return {
        ...settingsOf(world.registry),
        "package.json": manifest(tool, { alpha: "^1.0.0", ...more }),
        [path]: widened(lock, "alpha", alpha),
      };
    }

    it("has what both sides added, nothing that one took away, and of two raised versions the higher", async () => {
      const [base, low, high] = await Promise.all([
        side("1.0.0", { charlie: "^1.0.0" }),
        side("1.1.0", { bravo: "^1.0.0", charlie: "^1.0.0" }),
        side("1.2.0", { delta: "^1.0.0" }),
      ]);
      const settled = {
        "package.json": manifest(tool, { alpha: "^1.0.0", bravo: "^1.0.0", delta: "^1.0.0" }),
      };
      const both = higher === "ours" ? { ours: high, theirs: low } : { ours: low, theirs: high };
      const { result, text, steps } = await regenerate(world, path, { base, ...both, settled });
      expect(result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
      expect(steps).toEqual([expect.stringContaining(`from ${from}, written`)]);
      const versions = ["alpha", "bravo", "charlie", "delta", "golf"].map((name) => versionOf(text, name));
      // 1.3.0 of alpha is published: nothing is newer than what a side had.
      expect(versions).toEqual(["1.2.0", "1.0.0", null, "1.0.0", "1.3.0"]);
      expect(text).not.toMatch(/^[<=>]{7}/m);
    });

    it("has what each side added to its own workspace", async () => {
      const workspaces = path === "pnpm-lock.yaml" ? {} : { workspaces: ["packages/*"], private: true };
      const files = (one: Wanted, two: Wanted): Files => ({
        ...settingsOf(world.registry),
        ...(path === "pnpm-lock.yaml" ? { "pnpm-workspace.yaml": "packages:\n  - packages/*\n" } : {}),
        "package.json": manifest(tool, {}, workspaces),
        "packages/one/package.json": `${JSON.stringify({ name: "one", version: "1.0.0", dependencies: one })}\n`,
        "packages/two/package.json": `${JSON.stringify({ name: "two", version: "1.0.0", dependencies: two })}\n`,
      });
      const locked = async (one: Wanted, two: Wanted): Promise<Files> => {
        const all = files(one, two);
        return { ...all, [path]: await lockOf(world, path, all, draft) };
      };
      const [base, ours, theirs] = await Promise.all([
        locked({ alpha: "1.0.0" }, { alpha: "1.0.0" }),
        locked({ alpha: "1.0.0", bravo: "^1.0.0" }, { alpha: "1.0.0" }),
        locked({ alpha: "1.0.0" }, { alpha: "1.0.0", charlie: "^1.0.0" }),
      ]);
      const merge: Merge = { base, ours, theirs, settled: {} };
      const { result, text } = await regenerate(world, path, merge, { entries: true });
      expect(result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
      expect(["bravo", "charlie"].map((name) => versionOf(text, name))).toEqual(["1.0.0", "1.0.0"]);
    });
  });

  it("names what comes from neither side", async () => {
    const tool = tools["npm"];
    if (tool === undefined) return;
    const files = async (dependencies: Wanted): Promise<Files> => {
      const given = { ...settingsOf(world.registry), "package.json": manifest(tool, dependencies) };
      return { ...given, [tool.path]: await lockOf(world, tool.path, given) };
    };
    const base = await files({ charlie: "^1.0.0" });
    const ours = await files({ charlie: "^1.0.0", alpha: "1.0.0" });
    const theirs = await files({ charlie: "^1.0.0", alpha: "1.1.0" });
    const settled = { "package.json": manifest(tool, { charlie: "^1.0.0", alpha: "1.2.0" }) };
    const { result } = await regenerate(world, tool.path, { base, ours, theirs, settled });
    expect(result).toMatchObject({ kind: "written", fromNeither: ["alpha@1.2.0"], lowered: [] });
  });
});
