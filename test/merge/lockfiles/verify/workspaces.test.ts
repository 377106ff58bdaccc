// Lockfiles of several packages: each manifest that the root names is held against its own entry.
import { describe, expect, it } from "@jest/globals";
import { verifyLockfile } from "../../../../src/merge/lockfiles/verify/verify-lockfile.ts";

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
const golf = {
  version: "1.0.0",
  resolved: "https://registry.npmjs.org/golf/-/golf-1.0.0.tgz",
  integrity: "sha512-aa",
};

const npmLock = (one: object, more: object = {}): string =>
  json({
    name: "shop",
    lockfileVersion: 3,
    packages: {
      "": { name: "shop", workspaces: ["packages/*"] },
      "node_modules/golf": golf,
      "node_modules/one": { resolved: "packages/one", link: true },
      "packages/one": { name: "one", version: "1.0.0", ...one },
      ...more,
    },
  });

const manifests = (one: object, more: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> =>
  new Map(
    Object.entries({
      "package.json": json({ name: "shop", workspaces: ["packages/*"] }),
      "packages/one/package.json": json({ name: "one", version: "1.0.0", ...one }),
      ...more,
    }),
  );

const asks = { dependencies: { golf: "^1.0.0" } };

describe("npm's workspaces", () => {
  const parents = [npmLock(asks)];

  it("are each held against their own entry", () => {
    const check = (text: string, given: ReadonlyMap<string, string>) =>
      verifyLockfile("package-lock.json", text, { manifests: given, parents }).findings;
    expect(check(npmLock(asks), manifests(asks))).toEqual([]);
    expect(check(npmLock({}), manifests(asks))).toEqual([
      "packages/one/package.json asks for golf ^1.0.0 (dependencies), which the lockfile's copy does not say.",
    ]);
    expect(
      check(npmLock(asks), manifests(asks, { "packages/two/package.json": json({ name: "two" }) })),
    ).toEqual(["packages/two/package.json has no entry in the lockfile."]);
  });

  it("are only what the root names", () => {
    const others = { "examples/two/package.json": json({ name: "two", dependencies: { zulu: "1.0.0" } }) };
    const given = { manifests: manifests(asks, others), parents };
    expect(verifyLockfile("package-lock.json", npmLock(asks), given).ok).toBe(true);
  });
});

it("finds peers and optional dependencies where npm locks them", () => {
  const both = { peerDependencies: { golf: "^1.0.0" }, optionalDependencies: { hotel: "^1.0.0" } };
  const given = { manifests: manifests(both), parents: [npmLock(both)] };
  expect(verifyLockfile("package-lock.json", npmLock(both), given).ok).toBe(true);
  const peers = { peerDependencies: { golf: "^2.0.0" } };
  const wrong = { manifests: manifests(peers), parents: [npmLock(peers)] };
  expect(verifyLockfile("package-lock.json", npmLock(peers), wrong).findings).toEqual([
    "packages/one/package.json asks for golf ^2.0.0, and 1.0.0 is locked.",
  ]);
});

it("refuses another commit of a repository, and another repository", () => {
  const at = (resolved: string) =>
    npmLock(
      { dependencies: { hotel: "github:org/hotel" } },
      {
        "node_modules/hotel": { version: "1.0.0", resolved },
      },
    );
  const first = "git+ssh://git@github.com/org/hotel.git#1111111";
  const check = (resolved: string) =>
    verifyLockfile("package-lock.json", at(resolved), {
      manifests: manifests({ dependencies: { hotel: "github:org/hotel" } }),
      parents: [at(first)],
    }).ok;
  expect(check(first)).toBe(true);
  expect(check("git+ssh://git@github.com/org/hotel.git#2222222")).toBe(false);
  expect(check("git+ssh://git@github.com/other/hotel.git#1111111")).toBe(false);
});

it("refuses in version 2 what only npm 6 would install", () => {
  const of = (integrity: string) =>
    json({
      name: "shop",
      lockfileVersion: 2,
      packages: { "": { name: "shop", ...asks }, "node_modules/golf": golf },
      dependencies: { golf: { ...golf, integrity } },
    });
  const given = {
    manifests: new Map([["package.json", json({ name: "shop", ...asks })]]),
    parents: [of("sha512-aa")],
  };
  expect(verifyLockfile("package-lock.json", of("sha512-aa"), given).ok).toBe(true);
  expect(verifyLockfile("package-lock.json", of("sha512-bb"), given).ok).toBe(false);
});
