import { describe, expect, it } from "@jest/globals";
import { lockfileDrivers } from "../../../src/merge/lockfiles/drivers.ts";
import type { DrivenFile } from "../../../src/merge/tier.ts";
import { assemble, conflictOf } from "../json/git.ts";
import { formats, oneHunk, type Shop } from "./shops.ts";

const driverFor = (path: string) => lockfileDrivers.find((driver) => driver.matches(path));
const mergeTexts = (path: string, base: string, ours: string, theirs: string): DrivenFile | null =>
  driverFor(path)?.merge(oneHunk(path, base, ours, theirs)) ?? null;
const textOf = (driven: DrivenFile | null) => driven?.settlements[0]?.text ?? null;
const classOf = (driven: DrivenFile | null) => driven?.settlements[0]?.class ?? null;

describe("which files", () => {
  it.each(["Cargo.lock", "a/b/pnpm-lock.yaml", "yarn.lock", "x/go.sum"])("%s has one driver", (path) => {
    expect(lockfileDrivers.filter((driver) => driver.matches(path))).toHaveLength(1);
  });
  it.each(["Cargo.toml", "my-yarn.lock", "go.mod", "poetry.lock", "package-lock.json"])(
    "%s has none",
    (path) => {
      expect(driverFor(path)).toBeUndefined();
    },
  );
});

describe.each(Object.entries(formats))("hunks as git makes them, %s", (_, { path, write }) => {
  it("are settled so that the whole file is the merged one", () => {
    const [base, ours, theirs, both] = [
      ["echo"],
      ["bravo", "echo"],
      ["charlie", "echo"],
      ["bravo", "charlie", "echo"],
    ].map((roots) => write({ roots, versions: {} })) as [string, string, string, string];
    const file = conflictOf(path, base, ours, theirs);
    const driven = driverFor(path)?.merge(file);
    expect(assemble(file, driven?.settlements ?? [])).toBe(both);
  });
});

const cargoPackage = (name: string, version: string, needs: readonly string[] = [], own = false): string =>
  `[[package]]\nname = "${name}"\nversion = "${version}"\n${own ? "" : `source = "registry+https://registry.example/index"\nchecksum = "${name}${version}"\n`}${needs.length === 0 ? "" : `dependencies = [\n${needs.map((need) => ` "${need}",\n`).join("")}]\n`}`;
const cargoLock = (...packages: string[]): string =>
  `# Written by the tool.\nversion = 4\n\n${packages.join("\n")}`;

describe("Cargo.lock", () => {
  it("spells references anew where a second version of a name comes in", () => {
    const app = (...needs: string[]) => cargoPackage("app", "0.1.0", needs, true);
    const driven = mergeTexts(
      "Cargo.lock",
      cargoLock(app("one"), cargoPackage("log", "1.0.0"), cargoPackage("one", "1.0.0", ["log"])),
      cargoLock(
        app("one", "two"),
        cargoPackage("log", "1.0.0"),
        cargoPackage("log", "2.0.0"),
        cargoPackage("one", "1.0.0", ["log 1.0.0"]),
        cargoPackage("two", "1.0.0", ["log 2.0.0"]),
      ),
      cargoLock(
        app("one", "three"),
        cargoPackage("log", "1.0.0"),
        cargoPackage("one", "1.0.0", ["log"]),
        cargoPackage("three", "1.0.0", ["log"]),
      ),
    );
    expect(classOf(driven)).toBe("lockfile/cargo/edited-entries");
    expect(textOf(driven)).toBe(
      cargoLock(
        app("one", "three", "two"),
        cargoPackage("log", "1.0.0"),
        cargoPackage("log", "2.0.0"),
        cargoPackage("one", "1.0.0", ["log 1.0.0"]),
        cargoPackage("three", "1.0.0", ["log 1.0.0"]),
        cargoPackage("two", "1.0.0", ["log 2.0.0"]),
      ),
    );
  });

  const bumped = (version: string, needs: string[] = [], more: string[] = []) =>
    cargoLock(cargoPackage("app", "0.1.0", ["log"], true), cargoPackage("log", version, needs), ...more);

  it("takes the higher of two compatible versions, with its own dependencies, and asks cargo to check", () => {
    const ours = bumped("1.1.0", ["zip"], [cargoPackage("zip", "1.0.0")]);
    const driven = mergeTexts("Cargo.lock", bumped("1.0.0"), ours, bumped("1.2.0"));
    expect(textOf(driven)).toBe(bumped("1.2.0"));
    expect(classOf(driven)).toBe("lockfile/cargo/higher-version");
    expect(driven?.regeneration?.tool).toBe("cargo");
  });

  it.each([
    ["a downgrade", "0.9.0", "1.2.0"],
    ["a pre-release", "1.1.0", "1.2.0-beta.1"],
  ])("leaves %s to cargo", (_, ours, theirs) => {
    expect(textOf(mergeTexts("Cargo.lock", bumped("1.0.0"), bumped(ours), bumped(theirs)))).toBeNull();
  });

  it("puts a version back that one side no longer needs and the other's new package does", () => {
    const app = (...needs: string[]) => cargoPackage("app", "0.1.0", needs, true);
    const base = cargoLock(app("one"), cargoPackage("log", "1.0.0"), cargoPackage("one", "1.0.0", ["log"]));
    const ours = cargoLock(app("zip"), cargoPackage("zip", "1.0.0"));
    const theirs = cargoLock(
      app("one", "two"),
      cargoPackage("log", "1.0.0"),
      cargoPackage("one", "1.0.0", ["log"]),
      cargoPackage("two", "1.0.0", ["log"]),
    );
    expect(textOf(mergeTexts("Cargo.lock", base, ours, theirs))).toBe(
      cargoLock(
        app("two", "zip"),
        cargoPackage("log", "1.0.0"),
        cargoPackage("two", "1.0.0", ["log"]),
        cargoPackage("zip", "1.0.0"),
      ),
    );
  });

  it("leaves a lock of the first format, and one whose format only one side raised, to cargo", () => {
    const [base, ours, theirs] = ["1.0.0", "1.1.0", "1.2.0"].map((version) => bumped(version)) as [
      string,
      string,
      string,
    ];
    expect(
      textOf(mergeTexts("Cargo.lock", base, ours, theirs.replace("version = 4", "version = 3"))),
    ).toBeNull();
    const first = (text: string) =>
      text.replace(' "log",', ' "log 1.0.0 (registry+https://registry.example/index)",');
    expect(textOf(mergeTexts("Cargo.lock", first(base), first(ours), theirs))).toBeNull();
  });
});

const yarnLock = (
  ...entries: readonly (readonly [descriptors: string, version: string, needs?: string])[]
): string =>
  `# yarn lockfile v1\n\n\n${entries
    .map(
      ([descriptors, version, needs]) =>
        `${descriptors}:\n  version "${version}"\n  resolved "https://registry.example/${descriptors.split("@")[0] ?? ""}-${version}.tgz"\n${needs === undefined ? "" : `  dependencies:\n    ${needs}\n`}`,
    )
    .join("\n")}`;

describe("yarn.lock", () => {
  it("joins the ranges that both sides add to one resolution", () => {
    const driven = mergeTexts(
      "yarn.lock",
      yarnLock(["got@^1.0.0", "1.5.0"]),
      yarnLock(["got@^1.0.0, got@^1.2.0", "1.5.0"], ["one@^1.0.0", "1.0.0", 'got "^1.2.0"']),
      yarnLock(["got@^1.0.0, got@^1.1.0", "1.5.0"], ["two@^1.0.0", "1.0.0", 'got "^1.1.0"']),
    );
    expect(textOf(driven)).toBe(
      yarnLock(
        ["got@^1.0.0, got@^1.1.0, got@^1.2.0", "1.5.0"],
        ["one@^1.0.0", "1.0.0", 'got "^1.2.0"'],
        ["two@^1.0.0", "1.0.0", 'got "^1.1.0"'],
      ),
    );
  });

  it("keeps the higher of two ranges that the sides gave one dependency", () => {
    const driven = mergeTexts(
      "yarn.lock",
      yarnLock(["got@^1.0.0", "1.0.0"]),
      yarnLock(["got@^1.1.0", "1.1.0"]),
      yarnLock(["got@^2.0.0", "2.0.0"]),
    );
    expect(textOf(driven)).toBe(yarnLock(["got@^2.0.0", "2.0.0"]));
    expect(classOf(driven)).toBe("lockfile/yarn/higher-version");
    expect(driven?.regeneration?.tool).toBe("yarn");
  });

  it("is left to yarn where a dependency would be missing, or one that was passed over is needed by nothing else", () => {
    const base = yarnLock(["got@^1.0.0", "1.0.0"]);
    const lost = yarnLock(["got@^1.0.0", "1.0.0"], ["one@^1.0.0", "1.0.0", 'two "^1.0.0"']);
    expect(textOf(mergeTexts("yarn.lock", base, lost, yarnLock(["got@^1.0.0", "1.1.0"])))).not.toBeNull();
    const ours = yarnLock(["got@^1.0.0", "1.1.0", 'zip "^1.0.0"'], ["zip@^1.0.0", "1.0.0"]);
    expect(textOf(mergeTexts("yarn.lock", base, ours, yarnLock(["got@^1.0.0", "1.2.0"])))).toBeNull();
  });

  it("is left to yarn where the sides' caches differ", () => {
    const { write } = formats["later yarn"] ?? { write: () => "" };
    const [base, ours, theirs] = [["echo"], ["alpha", "echo"], ["echo", "hotel"]].map((roots) =>
      write({ roots, versions: {} }),
    ) as [string, string, string];
    expect(textOf(mergeTexts("yarn.lock", base, ours, theirs))).not.toBeNull();
    expect(
      textOf(mergeTexts("yarn.lock", base, ours, theirs.replace("cacheKey: 10", "cacheKey: 9"))),
    ).toBeNull();
  });
});

describe("pnpm-lock.yaml", () => {
  const lock = (react: string, plugin: string | null): string => {
    const peer = plugin === null ? "" : `(react@${plugin})`;
    const asked =
      plugin === null ? "" : `      plugin:\n        specifier: ^1.0.0\n        version: 1.0.0${peer}\n`;
    const entry = plugin === null ? "" : `\n  plugin@1.0.0:\n    resolution: {integrity: sha512-p}\n`;
    const shot =
      plugin === null ? "" : `\n  plugin@1.0.0${peer}:\n    dependencies:\n      react: ${plugin}\n`;
    const [first, second] = plugin === null ? ["", ""] : [entry.slice(1) + "\n", shot.slice(1) + "\n"];
    return `lockfileVersion: '9.0'\n\nsettings:\n  autoInstallPeers: true\n\nimporters:\n\n  .:\n    dependencies:\n${asked}      react:\n        specifier: ^18.0.0\n        version: ${react}\n\npackages:\n\n${first}  react@${react}:\n    resolution: {integrity: sha512-${react}}\n\nsnapshots:\n\n${second}  react@${react}: {}\n`;
  };

  it("takes the higher of two versions of a dependency, and drops the package of the other", () => {
    const driven = mergeTexts(
      "pnpm-lock.yaml",
      lock("18.0.0", null),
      lock("18.1.0", null),
      lock("18.2.0", null),
    );
    expect(textOf(driven)).toBe(lock("18.2.0", null));
    expect(driven?.regeneration?.tool).toBe("pnpm");
  });

  it("is left to pnpm where an added package was resolved with a peer that the other side replaced", () => {
    expect(
      textOf(
        mergeTexts("pnpm-lock.yaml", lock("18.0.0", null), lock("18.1.0", null), lock("18.0.0", "18.0.0")),
      ),
    ).toBeNull();
  });

  it("is left to pnpm where the sides' settings differ", () => {
    const theirs = lock("18.0.0", "18.0.0").replace("autoInstallPeers: true", "autoInstallPeers: false");
    expect(
      textOf(mergeTexts("pnpm-lock.yaml", lock("18.0.0", null), lock("18.1.0", null), theirs)),
    ).toBeNull();
  });
});

describe("go.sum", () => {
  const shop = (versions: Shop["versions"], ...roots: string[]): string =>
    formats["go.sum"]?.write({ roots, versions }) ?? "";

  it("takes lines away that one side removed, and says that go had better look", () => {
    const driven = mergeTexts(
      "go.sum",
      shop({}, "echo", "hotel"),
      shop({}, "echo"),
      shop({}, "echo", "golf", "hotel"),
    );
    expect(textOf(driven)).toBe(shop({}, "echo", "golf"));
    expect(driven?.regeneration?.tool).toBe("go");
    expect(classOf(driven)).toBe("lockfile/go-sum/one-removes");
  });

  it("keeps both of two versions, lower first, and says so", () => {
    const at = (version: string) => shop({ hotel: version }, "hotel");
    const driven = mergeTexts("go.sum", "", at("1.10.0"), at("1.9.0"));
    expect(textOf(driven)).toBe(at("1.9.0") + at("1.10.0"));
    expect(driven?.regeneration?.why).toMatch(/only one will be used/);
  });

  it("never chooses between two checksums of one version, nor takes a changed one", () => {
    const [one, other] = [shop({}, "echo"), shop({}, "echo").replaceAll("h1:", "h1:x")];
    expect(textOf(mergeTexts("go.sum", "", one, other))).toBeNull();
    expect(textOf(mergeTexts("go.sum", one, other, one + shop({}, "golf")))).toBeNull();
  });
});
