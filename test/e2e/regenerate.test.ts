// Lockfiles and generated files in conflict, written anew by their own tool in a real sandbox: pushed where nothing in them is new, else shown to a person first.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { startRegistry } from "../support/registry.ts";
import type { PullRef } from "../../src/core/pull.ts";
import type { RepositoryAddress } from "../support/fake-github.ts";
import type { Registry } from "../support/registry.ts";
import { describeSandboxed, sandboxFolder } from "../support/sandbox.ts";
import { startWorld } from "./harness.ts";
import type { World } from "./harness.ts";
import { openConflict, pushAll, settled, settledKeys, sticky } from "./scenarios.ts";
import type { Versions } from "./scenarios.ts";

/** Whole runs, each with a package manager in it, on a machine that is busy with other things. */
jest.setTimeout(120_000);

type Files = Readonly<Record<string, string>>;
type Wanted = Readonly<Record<string, string>>;

const plain = (body: string): string => body.replaceAll(/[\\\u200B]/g, "");

/** What sides have locked; the range that they ask for has the newest in it too. */
const [locked, newest, range] = ["1.0.0", "1.1.0", "^1.0.0"];
/** Two versions each, so that a tool that takes the newest is told from one that keeps what a side had. */
const inline = ["alpha", "bravo", "charlie", "delta"].flatMap((name) =>
  [locked, newest].map((version) => ({ name, version })),
);

const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

/** What each script does where one is run at all: the lockfile is no lockfile afterwards. */
const tamper = `node -e "require('fs').appendFileSync((process.env.INIT_CWD || '.') + '/package-lock.json', 'tampered')"`;
const scripts = Object.fromEntries(
  [
    "preinstall",
    "install",
    "postinstall",
    "prepublish",
    "preprepare",
    "prepare",
    "postprepare",
    "dependencies",
  ].map((name) => [name, tamper]),
);

/** A file of JSON as npm writes it. */
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const manifestOf = (wanted: Wanted, more: object): object => ({
  name: "shop",
  version: "1.0.0",
  ...more,
  dependencies: wanted,
});

/** A side as npm leaves it; `unlocked` are in the manifest alone, as where somebody edits it by hand. */
async function side(
  registry: Registry,
  names: readonly string[],
  { unlocked = [], more = {} }: { unlocked?: readonly string[]; more?: object } = {},
): Promise<Files> {
  const wantedOf = (all: readonly string[]): Wanted =>
    Object.fromEntries(all.toSorted().map((name) => [name, range]));
  const entries = names
    .toSorted()
    .map(async (name) => [`node_modules/${name}`, await registry.lockEntry(name, locked)] as const);
  const { name, version } = { name: "shop", version: "1.0.0" };
  return {
    "package.json": json(manifestOf(wantedOf([...names, ...unlocked]), more)),
    "package-lock.json": json({
      name,
      version,
      lockfileVersion: 3,
      requires: true,
      packages: {
        "": { name, version, dependencies: wantedOf(names) },
        ...Object.fromEntries(await Promise.all(entries)),
      },
    }),
  };
}

/** As the command of the rule writes it, with a figure that no merge of lines comes to. */
const totalsOf = (keys: Readonly<Record<string, number>>): string =>
  `export const total = ${Object.values(keys).reduce((sum, value) => sum + value, 0)};\n`;

const generator = [
  `import { readFileSync, writeFileSync } from "node:fs";`,
  `const values = Object.values(JSON.parse(readFileSync("keys.json", "utf8")));`,
  'writeFileSync("totals.js", `export const total = ${values.reduce((sum, value) => sum + value, 0)};\\n`);',
  'writeFileSync("count.js", `export const count = ${values.length};\\n`);',
  "",
].join("\n");

const generated: Versions = {
  before: {
    ...settled.before,
    ".github/agent.yml": [
      "push:",
      "  bar: 0",
      "regenerate:",
      "  - sources: [keys.json]",
      "    command: node generate.mjs",
      "    owns: [totals.js, count.js]",
      "",
    ].join("\n"),
    "generate.mjs": generator,
    "totals.js": totalsOf({ a: 1, z: 26 }),
  },
  ours: { ...settled.ours, "totals.js": totalsOf({ a: 1, m: 1, z: 26 }) },
  theirs: { ...settled.theirs, "totals.js": totalsOf({ a: 1, n: 2, z: 26 }) },
};

describeSandboxed("files that are written anew", () => {
  let registry: Registry;
  let closed: Registry;
  let world: World;
  let directory: string;
  beforeAll(async () => {
    const packages = [...inline, { name: "canary", version: "1.0.0", scripts }];
    registry = await startRegistry({ packages });
    closed = await startRegistry({ packages });
    directory = await sandboxFolder();
    world = await startWorld({
      variables: {
        ERRAND_SANDBOX: "bwrap",
        ERRAND_SANDBOX_DIR: directory,
        ERRAND_SANDBOX_REGISTRIES: registry.host,
      },
    });
  });
  afterEach(() => {
    expect(world.github.violations).toEqual([]);
  });
  afterAll(async () => {
    await world.close();
    await registry.close();
    await closed.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Both sides add a package to the one that was there. */
  async function added(
    from: Registry,
    { unlocked = [], more = {} }: { unlocked?: readonly string[]; more?: object } = {},
  ): Promise<Versions> {
    const [before, ours, theirs] = await Promise.all([
      side(from, ["charlie"], { more }),
      side(from, ["alpha", "charlie"], { unlocked, more }),
      side(from, ["charlie", "delta"], { more }),
    ]);
    return { before: { ...pushAll, ".npmrc": `registry=${from.url}\n`, ...before }, ours, theirs };
  }

  /** Versions by package, of a branch's lockfile. */
  async function versionsOn(app: RepositoryAddress, branch: string): Promise<Wanted> {
    const text = (await world.github.git(app).read(branch, "package-lock.json")) ?? "";
    const { packages: entries } = Lockfile.parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(entries).flatMap(([path, { version = "" }]) =>
        path === "" ? [] : [[path.replace("node_modules/", ""), version]],
      ),
    );
  }

  /** What people see once the command has ended. */
  async function fix(pull: PullRef, command = "/agent fix-conflicts"): Promise<string> {
    await world.ask(pull, "ann", command);
    return plain(sticky(world, pull));
  }

  it("a lockfile has both sides' packages, in the versions that they had", async () => {
    const { app, pull, head, base } = await openConflict(world, await added(registry));
    const body = await fix(pull);
    expect(body).toContain("Conflicts resolved and pushed");
    expect(body).toMatch(/`package-lock.json` .* `lockfile\/npm\/regenerated` \| settled \|/);
    expect(await versionsOn(app, "feature")).toEqual({ alpha: locked, charlie: locked, delta: locked });
    const [commit] = await world.github.git(app).log("feature");
    expect(commit?.parents).toEqual([head, base]);
  });

  it("a lockfile with a version that neither side has is shown first, and pushed once a person wants it", async () => {
    const { app, pull, head } = await openConflict(world, await added(registry, { unlocked: ["bravo"] }));
    const body = await fix(pull);
    expect(body).toContain("waiting for your word");
    expect(body).toMatch(/1 package in versions that neither side has; .* bravo@1\.1\.0\./);
    expect(await world.github.git(app).head("feature")).toBe(head);

    expect(await fix(pull, "/agent apply")).toContain("Conflicts resolved and pushed");
    const versions = { alpha: locked, bravo: newest, charlie: locked, delta: locked };
    expect(await versionsOn(app, "feature")).toEqual(versions);
  });

  it("a lockfile whose registry is not allowed is merged entry by entry, and the report says how to allow it", async () => {
    const { app, pull } = await openConflict(world, await added(closed, { unlocked: ["bravo"] }));
    const before = closed.requests().length;
    const body = await fix(pull);
    expect(closed.requests().slice(before)).toEqual([]);
    expect(body).toContain(
      `${closed.host}, which is not an allowed registry: add it to ERRAND_SANDBOX_REGISTRIES`,
    );
    expect(body).toMatch(/`package-lock.json` \| 1 \| semantic \|/);
    // The merged manifest asks for what neither lockfile has: npm would refuse it, so a person has to see it first.
    expect(body).toContain("Resolution ready, waiting for your word");
    expect(body).toMatch(/Merged entry by entry it does not hold together: .*bravo/);
    await fix(pull, "/agent apply");
    expect(await versionsOn(app, "feature")).toEqual({ alpha: locked, charlie: locked, delta: locked });
  });

  it("a lockfile is written without a script of the project or of a package", async () => {
    const { app, pull } = await openConflict(
      world,
      await added(registry, { unlocked: ["canary"], more: { scripts } }),
    );
    expect(await fix(pull)).toContain("canary@1.0.0.");
    await fix(pull, "/agent apply");
    const versions = { alpha: locked, canary: "1.0.0", charlie: locked, delta: locked };
    expect(await versionsOn(app, "feature")).toEqual(versions);
    expect(await world.github.git(app).read("feature", "package-lock.json")).not.toContain("tampered");
  });

  it("a file with a rule in agent.yml is what its command makes of the merged source", async () => {
    const { app, pull } = await openConflict(world, generated);
    const body = await fix(pull);
    expect(body).toContain("Conflicts resolved and pushed");
    expect(body).toContain('Written anew by "node generate.mjs"');
    const git = world.github.git(app);
    expect(JSON.parse((await git.read("feature", "keys.json")) ?? "")).toEqual(settledKeys);
    expect(await git.read("feature", "totals.js")).toBe(totalsOf(settledKeys));
    // Not in conflict, and written all the same: the row says so.
    expect(await git.read("feature", "count.js")).toBe("export const count = 4;\n");
    expect(body).toContain("Written with it: count.js");
  });
});
