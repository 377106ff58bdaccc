// Texts of a size that a pattern tried twice, or a pair compared, would take minutes for: jest's own limit is the guard.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ConflictedFile, Segment } from "../../src/core/conflict.ts";
import { conflictResolver } from "../../src/agents/conflict-resolver/index.ts";
import { readChangelog } from "../../src/merge/changelog/changelog.ts";
import { importsTier } from "../../src/merge/imports/tier.ts";
import { mergeFragment } from "../../src/merge/json/fragment.ts";
import { packageLockDriver } from "../../src/merge/json/drivers.ts";
import { jsonTier } from "../../src/merge/json/tier.ts";
import { findRun } from "../../src/merge/lines.ts";
import { endsElement } from "../../src/merge/lists/lists.ts";
import { unionOrdered } from "../../src/merge/lists/ordered-union.ts";
import { finderFrom, readLock } from "../../src/merge/lockfiles/package-lock-read.ts";
import { tomlTier } from "../../src/merge/toml/tier.ts";
import type { HunkTier } from "../../src/merge/tier.ts";
import { syntaxOf } from "../../src/syntax/index.ts";
import { contextOf, fakeWorkspace, taskOf } from "../verifiers/support.ts";
import { fileOf, hunkOf } from "./support.ts";

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("");

const settle = (
  tier: HunkTier,
  path: string,
  given: { base?: string; ours: string; theirs: string; before?: string },
) => tier.settle(hunkOf(given), { path, before: given.before ?? "", after: "", file: null });

describe("what a hostile file holds much of", () => {
  it("names in one YAML map: each is looked up, not compared with all", async () => {
    const text = lines(40_000, (index) => `k${index}: 1\n`);
    expect(await syntaxOf("a.yml")?.countErrors(`${text}k7: 2\n`)).toBe(1);
  });

  it("digits of a version", () => {
    const line = `1.${"1".repeat(400_000)} x\n`;
    expect(readChangelog(line).sections).toHaveLength(1);
  });

  it("conflicts in one JSON file: its clean lines are read once", () => {
    const count = 5_000;
    const names = lines(count, (index) => `"c${index}": 1,\n`);
    let reads = 0;
    const clean: Segment = {
      kind: "clean",
      get text() {
        reads++;
        return names;
      },
    };
    const file: ConflictedFile = { path: "a.json", base: "", ours: "", theirs: "", segments: [clean] };
    const settlements = Array.from({ length: count }, (_, index) =>
      jsonTier.settle(hunkOf({ ours: `"a${index}": 1,\n`, theirs: `"b${index}": 1,\n` }), {
        path: "a.json",
        before: "",
        after: "",
        file,
      }),
    );
    expect(settlements.every((settlement) => settlement !== null)).toBe(true);
    expect(reads).toBe(1);
  });

  it("folders of a package's location", () => {
    const deep = (count: number) => `${"a/".repeat(count)}b`;
    const lockOf = (location: string) =>
      readLock(JSON.stringify({ lockfileVersion: 3, packages: { "": {}, [location]: {} } }));
    expect(lockOf(deep(200_000))).toBeNull();
    const lock = lockOf(deep(90));
    const find = lock && finderFrom(lock, deep(90));
    const found = Array.from({ length: 100_000 }, (_, index) => find?.(`x${index}`));
    expect(new Set(found)).toEqual(new Set([null]));
  });

  it("entries that both sides add", () => {
    const ours = Array.from({ length: 200_000 }, (_, index) => `a${index}`);
    const theirs = Array.from({ length: 200_000 }, (_, index) => `b${index}`);
    const merged = unionOrdered([], ours, theirs);
    expect([merged.length, merged[0], merged.at(-1)]).toEqual([400_000, "a0", "b199999"]);
  });

  it("imports that both sides add", () => {
    const side = (name: string) =>
      lines(20_000, (index) => `import ${name}${index} from '${name}${index}';\n`);
    expect(settle(importsTier, "a.ts", { ours: side("a"), theirs: side("b") })).toBeNull();
  });

  it("comments after commas, and a carriage return", () => {
    expect(endsElement(`${",#".repeat(800_000)}\rx\n`)).toBe(false);
  });

  it("blanks in a TOML value, digits in a requirement", () => {
    const value = `a = x${" ".repeat(800_000)}y\n`;
    expect(settle(tomlTier, "a.toml", { base: "a = 1\n", ours: value, theirs: "a = 2\n" })).toBeNull();
    const version = `"${"1".repeat(800_000)},"\n`;
    expect(settle(tomlTier, "a.toml", { base: "a = 1\n", ours: version, theirs: "a = 2\n" })).toBeNull();
  });

  it("line ends, and openings of comments, before a block of imports", () => {
    const given = { ours: "import a from 'a';\n", theirs: "import b from 'b';\n" };
    const returns = `${"\r".repeat(800_000)}x\n`;
    expect(settle(importsTier, "a.ts", { ...given, before: returns })).toBeNull();
    const openings = `${"/*\r".repeat(400_000)}*/${"x".repeat(400_000)}\nimport c from 'c';\n`;
    expect(settle(importsTier, "a.ts", { ...given, before: openings })).not.toBeNull();
  });

  it("lines of a JSON hunk: more than a call takes arguments", () => {
    const side = (name: string) => lines(150_000, (index) => `"${name}${index}": 1,\n`);
    const hunk = hunkOf({ ours: side("a"), theirs: side("b") });
    expect(mergeFragment(hunk, { before: "", after: "", file: "json" })?.changes).toHaveLength(300_000);
  });

  it("conflicts in one file: more than a call takes arguments", async () => {
    const segments = Array.from({ length: 150_000 }, (): Segment[] => [
      hunkOf({ base: "x\n", ours: "a\n", theirs: "b\n" }),
      { kind: "clean", text: "c\n" },
    ]).flat();
    const workspace = fakeWorkspace({
      conflicts: { "a.txt": { base: "", ours: "", theirs: "" } },
      files: { "a.txt": fileOf("a.txt", segments) },
    });
    const outcome = await conflictResolver.run(taskOf("a.txt"), contextOf(workspace));
    expect(outcome.hunks).toHaveLength(150_000);
  });

  it("repetitions in what is looked for: no line is looked at more than twice", () => {
    const text = Array.from({ length: 400_000 }, () => "0,\n");
    const sought = ["1,\n", ...text.slice(0, 200_000)];
    expect(findRun(text, sought, 0)).toBeNull();
    expect(findRun([...text, ...sought], sought, 5)).toBe(400_000);
  });

  it("nested packages of a legacy tree: too deep is no lockfile, and nothing throws", () => {
    const tree = `${'{"dependencies":{"a":'.repeat(3_000)}{}${"}}".repeat(3_000)}`;
    const side = `{\n"lockfileVersion": 2,\n"packages": {"": {}},\n"dependencies": {"a": ${tree}}\n}\n`;
    const file = { ...fileOf("package-lock.json", []), base: side, ours: side, theirs: side };
    expect(() => packageLockDriver.merge(file)).not.toThrow();
  });
});

describe("findRun", () => {
  it("finds what a plain search finds", () => {
    const letters = fc.array(fc.constantFrom("a\n", "b\n"), { maxLength: 12 });
    fc.assert(
      fc.property(
        letters,
        letters.filter((sought) => sought.length > 0),
        fc.nat(12),
        (text, sought, from) => {
          const plain = text.findIndex(
            (_, start) => start >= from && sought.every((line, index) => line === text[start + index]),
          );
          expect(findRun(text, sought, from)).toBe(plain < 0 ? null : plain);
        },
      ),
    );
  });
});
