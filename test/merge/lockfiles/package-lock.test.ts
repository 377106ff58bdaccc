import { describe, expect, it } from "@jest/globals";
import type { Settlement } from "../../../src/core/conflict.ts";
import { packageLockDriver } from "../../../src/merge/json/drivers.ts";
import { jsonTier } from "../../../src/merge/json/tier.ts";
import { tomlTier } from "../../../src/merge/toml/tier.ts";
import { isConsistentLock } from "../../../src/merge/lockfiles/package-lock-check.ts";
import { assemble, conflictOf } from "../json/git.ts";

const dataTiers = [jsonTier, tomlTier];

type Ranges = Readonly<Record<string, string>>;
interface Package {
  readonly version: string;
  readonly dependencies?: Ranges;
  readonly peerDependencies?: Ranges;
  readonly link?: string;
}
interface Shop {
  readonly version?: string;
  readonly dependencies: Ranges;
  /** Location below node_modules to package. */
  readonly packages: Readonly<Record<string, Package>>;
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([one], [other]) => one.localeCompare(other, "en")));
const hash = (text: string): string => `sha512-${Buffer.from(text).toString("base64")}`;
const nameOf = (location: string): string => location.split("node_modules/").at(-1) ?? "";

function entryOf(location: string, { version, dependencies, peerDependencies, link }: Package): object {
  if (link !== undefined) return { resolved: link, link: true };
  const file = `https://registry.example/${nameOf(location)}/-/${nameOf(location)}-${version}.tgz`;
  const asked = { ...(dependencies && { dependencies }), ...(peerDependencies && { peerDependencies }) };
  return {
    version,
    resolved: file,
    integrity: hash(file),
    license: "MIT",
    ...asked,
    engines: { node: ">=18" },
  };
}

/** A lockfile as npm writes it. */
function lock(shop: Shop, { lockfileVersion = 3, eol = "\n" } = {}): string {
  const { version = "1.0.0", dependencies, packages } = shop;
  const root = { name: "shop", version, license: "MIT", dependencies };
  const entries = Object.entries(packages).map(([location, one]) => {
    const at =
      one.link === undefined && location.startsWith("packages/") ? location : `node_modules/${location}`;
    return [
      at,
      location.startsWith("packages/")
        ? { version: one.version, dependencies: one.dependencies }
        : entryOf(at, one),
    ] as const;
  });
  const value = {
    name: "shop",
    version,
    lockfileVersion,
    requires: true,
    packages: { "": root, ...sorted(entries) },
  };
  const legacy = lockfileVersion === 2 ? { dependencies: legacyOf(packages, "") } : {};
  return `${JSON.stringify({ ...value, ...legacy }, null, 2)}\n`.replaceAll("\n", eol);
}

function legacyOf(packages: Shop["packages"], above: string): object {
  const own = Object.entries(packages).filter(
    ([location]) => location.startsWith(above) && !location.slice(above.length).includes("/node_modules/"),
  );
  return sorted(
    own.map(([location, { version, dependencies }]) => {
      const nested = legacyOf(packages, `${location}/node_modules/`);
      const more = Object.keys(nested).length === 0 ? {} : { dependencies: nested };
      const file = `https://registry.example/${nameOf(location)}/-/${nameOf(location)}-${version}.tgz`;
      return [
        location.slice(above.length),
        {
          version,
          resolved: file,
          integrity: hash(file),
          ...(dependencies && { requires: dependencies }),
          ...more,
        },
      ] as const;
    }),
  );
}

const base: Shop = {
  dependencies: { got: "^1.0.0", koa: "^2.0.0" },
  packages: {
    got: { version: "1.0.0", dependencies: { lowercase: "^3.0.0" } },
    koa: { version: "2.0.0", dependencies: { cookies: "~0.9.0" } },
    lowercase: { version: "3.0.0" },
    cookies: { version: "0.9.0" },
  },
};
const withPackages = (dependencies: Ranges, packages: Shop["packages"], rest: Partial<Shop> = {}): Shop => ({
  ...base,
  ...rest,
  dependencies: { ...base.dependencies, ...dependencies },
  packages: { ...base.packages, ...packages },
});

function merge(
  ours: Shop,
  theirs: Shop,
  options: { lockfileVersion?: number; eol?: string } = {},
  from: Shop = base,
) {
  const texts = [from, ours, theirs].map((shop) => lock(shop, options));
  const file = conflictOf("package-lock.json", texts[0] ?? "", texts[1] ?? "", texts[2] ?? "");
  const settled = packageLockDriver.merge(file)?.settlements ?? null;
  return { file, settled, text: settled === null ? null : assemble(file, settled) };
}
const classes = (settled: readonly (Settlement | null)[] | null): (string | undefined)[] =>
  (settled ?? []).map((settlement) => settlement?.class);

const bumpedByUs = withPackages(
  { got: "^1.2.0" },
  { got: { version: "1.2.0", dependencies: { lowercase: "^3.0.0" } } },
);
const bumpedByThem = withPackages(
  { got: "^1.10.0" },
  { got: { version: "1.10.0", dependencies: { lowercase: "^3.0.0" } } },
);

describe("the driver for package-lock.json", () => {
  it.each([3, 2])(
    "takes the whole entry of the higher version, and the root's range with it (version %i)",
    (lockfileVersion) => {
      const { settled, text } = merge(bumpedByUs, bumpedByThem, { lockfileVersion });
      expect(text).toBe(lock(bumpedByThem, { lockfileVersion }));
      expect(new Set(classes(settled))).toEqual(
        new Set(["version-bump/both-sides", "version-bump/lock-entry"]),
      );
    },
  );

  it("keeps each side's bump of another dependency", () => {
    const koa = withPackages(
      { koa: "^2.3.0" },
      { koa: { version: "2.3.0", dependencies: { cookies: "~0.9.0" } } },
    );
    const { settled, text } = merge(bumpedByUs, koa, { eol: "\r\n" });
    const both = withPackages(
      { got: "^1.2.0", koa: "^2.3.0" },
      { got: bumpedByUs.packages["got"] ?? { version: "" }, koa: koa.packages["koa"] ?? { version: "" } },
    );
    expect(text).toBe(lock(both, { eol: "\r\n" }));
    expect(classes(settled)).toEqual(["version-bump/one-side-each"]);
  });

  it("keeps different packages that both sides added, each in npm's order, nested ones too", () => {
    const added = {
      hapi: { version: "21.0.0", dependencies: { lowercase: "^2.0.0" } },
      "hapi/node_modules/lowercase": { version: "2.0.0" },
    };
    const ours = withPackages({ hapi: "^21.0.0" }, added);
    const theirs = withPackages({ "hot-shots": "^10.0.0" }, { "hot-shots": { version: "10.0.0" } });
    const reordered = (shop: Shop): Shop => ({
      ...shop,
      dependencies: sorted(Object.entries(shop.dependencies)),
    });
    const { settled, text } = merge(reordered(ours), reordered(theirs));
    const both = withPackages(
      { hapi: "^21.0.0", "hot-shots": "^10.0.0" },
      { ...added, "hot-shots": { version: "10.0.0" } },
    );
    expect(text).toBe(lock(reordered(both)));
    expect(new Set(classes(settled))).toEqual(new Set(["npm/add-different-keys/package-lock"]));
  });

  it("takes the package's own version in both its places", () => {
    const { text, settled } = merge({ ...base, version: "1.1.0" }, { ...base, version: "1.0.1" });
    expect(text).toBe(lock({ ...base, version: "1.1.0" }));
    expect(classes(settled).every((name) => name === "npm/own-version/release")).toBe(true);
  });

  it("abstains where the higher version does not suit a dependant", () => {
    const ours = withPackages(
      { got: "^2.0.0" },
      { got: { version: "2.0.0", dependencies: { lowercase: "^4.0.0" } }, lowercase: { version: "4.0.0" } },
    );
    const theirs = withPackages(
      { koa: "^2.1.0" },
      {
        koa: { version: "2.1.0", dependencies: { cookies: "~0.9.0", lowercase: "^3.1.0" } },
        lowercase: { version: "3.1.0" },
      },
    );
    expect(merge(ours, theirs).text).toBeNull();
  });

  it("abstains where one side dropped what the other still changes", () => {
    const dropped: Shop = {
      dependencies: { koa: "^2.0.0" },
      packages: { koa: base.packages["koa"] ?? { version: "" }, cookies: { version: "0.9.0" } },
    };
    expect(merge(dropped, bumpedByThem).text).toBeNull();
  });

  it("abstains for other lockfile versions, and for sides of different ones", () => {
    expect(merge(bumpedByUs, bumpedByThem, { lockfileVersion: 1 }).text).toBeNull();
    const [one, other] = [
      lock(bumpedByUs, { lockfileVersion: 3 }),
      lock(bumpedByThem, { lockfileVersion: 2 }),
    ];
    const driven = packageLockDriver.merge(conflictOf("package-lock.json", lock(base), one, other));
    expect(driven?.settlements.every((settlement) => settlement === null)).toBe(true);
    expect(driven?.regeneration).toEqual({
      tool: "npm",
      why: expect.stringContaining("npm had better write"),
    });
  });

  it("never mixes an entry: where git's clean text would, it abstains, and so does the tier for single hunks", () => {
    const ours = withPackages(
      {},
      { got: { version: "1.2.0", dependencies: { lowercase: "^3.0.0" }, peerDependencies: { koa: ">=1" } } },
    );
    const theirs = withPackages({}, { got: { version: "1.10.0", dependencies: { lowercase: "^3.0.0" } } });
    const { file, text } = merge(ours, theirs);
    expect(text).toBeNull();
    const hunks = file.segments.filter((segment) => segment.kind === "hunk");
    expect(hunks.length).toBeGreaterThan(0);
    for (const hunk of hunks) {
      const context = {
        path: file.path,
        before: "",
        after: '      "license": "MIT",\n',
        file,
        hunks: hunks.length,
      };
      expect(dataTiers[0]?.settle(hunk, context)).toBeNull();
    }
  });
});

describe("the consistency check of a package-lock.json", () => {
  const sides = { ours: lock(bumpedByUs), theirs: lock(bumpedByThem) };
  const check = (shop: Shop): boolean => isConsistentLock(lock(shop), sides);

  it("passes either side", () => {
    expect(check(bumpedByUs)).toBe(true);
    expect(check(bumpedByThem)).toBe(true);
  });

  it.each<[string, Shop]>([
    ["an entry of neither side", withPackages({ got: "^1.2.0" }, { got: { version: "1.3.0" } })],
    ["a range that the version is not in", { ...bumpedByUs, dependencies: bumpedByThem.dependencies }],
    [
      "a package that is not there",
      { ...bumpedByUs, dependencies: { ...bumpedByUs.dependencies, ora: "^8.0.0" } },
    ],
    ["a package that nothing asks for", { ...bumpedByUs, dependencies: { got: "^1.2.0" } }],
  ])("fails %s", (_, shop) => {
    expect(check(shop)).toBe(false);
  });

  it("fails a root that disagrees with itself, a legacy tree that disagrees with the entries, and what is no lockfile", () => {
    const two = {
      ours: lock(bumpedByUs, { lockfileVersion: 2 }),
      theirs: lock(bumpedByThem, { lockfileVersion: 2 }),
    };
    expect(isConsistentLock(two.ours, two)).toBe(true);
    expect(isConsistentLock(two.ours.replace('"version": "1.0.0"', '"version": "9.0.0"'), two)).toBe(false);
    const parts = two.ours.split('\n  "dependencies": {');
    expect(
      isConsistentLock(
        [parts[0] ?? "", (parts[1] ?? "").replace('"version": "1.2.0"', '"version": "1.10.0"')].join(
          '\n  "dependencies": {',
        ),
        two,
      ),
    ).toBe(false);
    expect(isConsistentLock("{", sides)).toBe(false);
  });

  it("fails an entry mixed of both sides", () => {
    const { integrity } = entryOf("node_modules/got", { version: "1.10.0" }) as { integrity: string };
    const own = (entryOf("node_modules/got", { version: "1.2.0" }) as { integrity: string }).integrity;
    expect(isConsistentLock(sides.ours.replace(own, integrity), sides)).toBe(false);
  });

  it("forgives a fault that a side has already", () => {
    const broken = withPackages({ got: "^7.0.0" }, {});
    expect(isConsistentLock(lock(broken), { ours: lock(broken), theirs: lock(base) })).toBe(true);
  });

  it("follows links to workspaces, and looks dependencies up as node does", () => {
    const workspace: Shop = {
      dependencies: {},
      packages: {
        web: { version: "", link: "packages/web" },
        "packages/web": { version: "1.0.0", dependencies: { got: "^1.0.0" } },
        got: base.packages["got"] ?? { version: "" },
        lowercase: { version: "3.0.0" },
      },
    };
    const text = lock(workspace);
    expect(isConsistentLock(text, { ours: text, theirs: text })).toBe(true);
    const bumped = text.replace('"got": "^1.0.0"', '"got": "^2.0.0"');
    expect(isConsistentLock(bumped, { ours: text, theirs: text })).toBe(false);
  });
});
