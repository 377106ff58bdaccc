// Lockfiles and generated files in conflict, written anew by their own tool in a real sandbox: pushed where nothing in them is new, else shown to a person first.
import { rm } from "node:fs/promises";
import { afterAll, afterEach, beforeAll, expect, it, jest } from "@jest/globals";
import { z } from "zod";
import { startRegistry } from "../support/registry.ts";
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

/** Two versions each, so that a tool that takes the newest is told from one that keeps what a side had. */
const packages = ["alpha", "bravo", "charlie", "delta"].flatMap((name) =>
  ["1.0.0", "1.1.0"].map((version) => ({ name, version })),
);
/** What sides have locked; the range that they ask for has 1.1.0 in it too. */
const [locked, range] = ["1.0.0", "^1.0.0"];

const Metadata = z.object({
  versions: z.record(z.string(), z.object({ dist: z.object({ tarball: z.url(), integrity: z.string() }) })),
});
const Lockfile = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional() })),
});

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
  { url }: Registry,
  names: readonly string[],
  { unlocked = [], more = {} }: { unlocked?: readonly string[]; more?: object } = {},
): Promise<Files> {
  const wantedOf = (all: readonly string[]): Wanted =>
    Object.fromEntries(all.toSorted().map((name) => [name, range]));
  const entries = names.toSorted().map(async (name) => {
    const metadata = Metadata.parse(await (await fetch(`${url}${name}`)).json());
    const { tarball: resolved, integrity } = metadata.versions[locked]?.dist ?? { tarball: "", integrity: "" };
    return [`node_modules/${name}`, { version: locked, resolved, integrity }] as const;
  });
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

describeSandboxed("files that are written anew", () => {
  let registry: Registry;
  let closed: Registry;
  let world: World;
  let directory: string;
  beforeAll(async () => {
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
  async function added(from: Registry, more: { unlocked?: readonly string[]; more?: object } = {}): Promise<Versions> {
    const [before, ours, theirs] = await Promise.all([
      side(from, ["charlie"], { ...(more.more && { more: more.more }) }),
      side(from, ["alpha", "charlie"], more),
      side(from, ["charlie", "delta"], { ...(more.more && { more: more.more }) }),
    ]);
    return { before: { ...pushAll, ".npmrc": `registry=${from.url}\n`, ...before }, ours, theirs };
  }

  /** Versions by package, of a branch's lockfile. */
  async function versionsOn(app: Parameters<World["github"]["git"]>[0], branch: string): Promise<Wanted> {
    const text = (await world.github.git(app).read(branch, "package-lock.json")) ?? "";
    const { packages: entries } = Lockfile.parse(JSON.parse(text));
    return Object.fromEntries(
      Object.entries(entries).flatMap(([path, { version = "" }]) =>
        path === "" ? [] : [[path.replace("node_modules/", ""), version]],
      ),
    );
  }

  it("a lockfile has both sides' packages, in the versions that they had", async () => {
    const { app, pull, head, base } = await openConflict(world, await added(registry));
    await world.ask(pull, "ann", "/agent fix-conflicts");
    console.log(sticky(world, pull));
    expect(plain(sticky(world, pull))).toContain("Conflicts resolved and pushed");
    expect(await versionsOn(app, "feature")).toEqual({ alpha: locked, charlie: locked, delta: locked });
    const [commit] = await world.github.git(app).log("feature");
    expect(commit?.parents).toEqual([head, base]);
  });

  it("a lockfile with a version that neither side has is shown first, and pushed once a person wants it", async () => {
    const { app, pull, head } = await openConflict(world, await added(registry, { unlocked: ["bravo"] }));
    await world.ask(pull, "ann", "/agent fix-conflicts");
    console.log(sticky(world, pull));
    const git = world.github.git(app);
    expect(await git.head("feature")).toBe(head);
    await world.ask(pull, "ann", "/agent apply");
    console.log(sticky(world, pull));
    expect(await versionsOn(app, "feature")).toEqual({ alpha: locked, bravo: "1.1.0", charlie: locked, delta: locked });
  });

  it("a lockfile whose registry is not allowed is merged entry by entry, and the report says how to allow it", async () => {
    const { app, pull } = await openConflict(world, await added(closed, { unlocked: ["bravo"] }));
    const before = closed.requests().length;
    await world.ask(pull, "ann", "/agent fix-conflicts");
    console.log(sticky(world, pull));
    expect(closed.requests().slice(before)).toEqual([]);
    expect(await versionsOn(app, "feature")).toEqual({});
  });
});
