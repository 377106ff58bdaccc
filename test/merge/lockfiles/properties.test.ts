import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { lockfileDrivers } from "../../../src/merge/lockfiles/drivers.ts";
import type { DrivenFile } from "../../../src/merge/tier.ts";
import { formats, installed, names, oneHunk, versionIn, type Shop } from "./shops.ts";

function merge(path: string, base: string | null, ours: string, theirs: string): DrivenFile | null {
  return (
    lockfileDrivers.find((driver) => driver.matches(path))?.merge(oneHunk(path, base, ours, theirs)) ?? null
  );
}
const textOf = (driven: DrivenFile | null): string | null => driven?.settlements[0]?.text ?? null;
const blocks = (text: string): string[] => text.split(/\n\n+/).map((block) => block.trim());

const aShop = fc.record({
  roots: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
  versions: fc.constant({}),
});
const versions = fc.dictionary(fc.constantFrom(...names), fc.constantFrom("1.0.0", "1.1.0", "1.2.0"));
const aVersionedShop = fc.record({ roots: aShop.map(({ roots }) => roots), versions });

/** Grown from a base by roots only: then no entry is changed by both, whatever is added. */
const grown = fc.tuple(aShop, aShop, aShop).map(([base, one, other]) => {
  const withBase = ({ roots }: Shop): Shop => ({
    roots: [...new Set([...base.roots, ...roots])],
    versions: {},
  });
  return { base, ours: withBase(one), theirs: withBase(other) };
});

/** What a format's text must say of a package that is installed. */
const mark = (name: string, shop: Shop, path: string): string =>
  ({
    "Cargo.lock": `name = "${name}"\nversion = "${versionIn(shop, name)}"`,
    "web/yarn.lock": `${name}@^1.0.0:\n  version "${versionIn(shop, name)}"`,
    "yarn.lock": `"${name}@npm:^1.0.0":\n  version: ${versionIn(shop, name)}`,
    "pnpm-lock.yaml": `\n  ${name}@${versionIn(shop, name)}:\n    resolution`,
    "go.sum": `example.org/${name} v${versionIn(shop, name)} h1:`,
  })[path] ?? "";

describe.each(Object.entries(formats))("a lockfile of %s", (_, { path, write }) => {
  it("has every addition of both sides, whichever side is ours", () => {
    fc.assert(
      fc.property(grown, ({ base, ours, theirs }) => {
        const [before, own, other] = [base, ours, theirs].map(write) as [string, string, string];
        const merged = textOf(merge(path, before, own, other));
        const whole: Shop = { roots: [...new Set([...ours.roots, ...theirs.roots])], versions: {} };
        expect(merged).toBe(write(whole));
        expect(textOf(merge(path, before, other, own))).toBe(merged);
      }),
      { numRuns: 60 },
    );
  });

  it("is the other side's where one side is the base", () => {
    fc.assert(
      fc.property(aVersionedShop, aVersionedShop, (base, changed) => {
        expect(textOf(merge(path, write(base), write(changed), write(base)))).toBe(write(changed));
        expect(textOf(merge(path, write(base), write(base), write(changed)))).toBe(write(changed));
      }),
      { numRuns: 60 },
    );
  });

  it("never drops what one side added or nobody touched, unless a version was chosen", () => {
    let settled = 0;
    fc.assert(
      fc.property(aVersionedShop, aVersionedShop, aVersionedShop, (base, ours, theirs) => {
        const driven = merge(path, write(base), write(ours), write(theirs));
        const settlement = driven?.settlements[0];
        if (!settlement) {
          expect(driven?.regeneration?.tool).toMatch(/^(?:cargo|yarn|pnpm|go)$/);
          return;
        }
        settled++;
        if (settlement.class.endsWith("/higher-version")) return;
        const has = (shop: Shop, name: string) => installed(shop).includes(name);
        const same = (one: Shop, two: Shop, name: string) => versionIn(one, name) === versionIn(two, name);
        for (const name of names) {
          const everywhere = [base, ours, theirs].every((shop) => has(shop, name) && same(shop, base, name));
          if (everywhere) expect(settlement.text).toContain(mark(name, base, path));
          for (const [one, two] of [
            [ours, theirs],
            [theirs, ours],
          ] as const)
            if (has(one, name) && !has(base, name) && !has(two, name))
              expect(settlement.text).toContain(mark(name, one, path));
        }
        return;
      }),
      { numRuns: 200 },
    );
    expect(settled).toBeGreaterThan(0);
  });

  it("has no entry that is no side's, and merges once more to itself", () => {
    fc.assert(
      fc.property(aVersionedShop, aVersionedShop, aVersionedShop, (base, ours, theirs) => {
        const [before, own, other] = [base, ours, theirs].map(write) as [string, string, string];
        const merged = textOf(merge(path, before, own, other));
        if (merged === null) return;
        expect(textOf(merge(path, merged, merged, merged))).toBe(merged);
        if (path === "go.sum" || path === "pnpm-lock.yaml") {
          const known = new Set(`${own}${other}`.split("\n"));
          expect(merged.split("\n").filter((line) => !known.has(line))).toEqual([]);
        } else {
          const known = new Set([...blocks(own), ...blocks(other)]);
          const made = blocks(merged).filter(
            (block) => !known.has(block) && !/^(?:\[\[package\]\]\nname = )?"shop/.test(block),
          );
          expect(made).toEqual([]);
        }
      }),
      { numRuns: 100 },
    );
  });

  it("keeps CRLF, a missing last line ending, and a file that both sides added", () => {
    const shop = (...roots: string[]): Shop => ({ roots, versions: {} });
    const [base, ours, theirs, both] = [
      shop("bravo"),
      shop("bravo", "alpha"),
      shop("bravo", "foxtrot"),
      shop("bravo", "alpha", "foxtrot"),
    ].map(write) as [string, string, string, string];
    const crlf = (text: string) => text.replaceAll("\n", "\r\n");
    const cut = (text: string) => text.replace(/\n$/, "");
    expect(textOf(merge(path, crlf(base), crlf(ours), crlf(theirs)))).toBe(crlf(both));
    expect(textOf(merge(path, cut(base), cut(ours), cut(theirs)))).toBe(cut(both));
    expect(textOf(merge(path, base, crlf(ours), theirs))).toBeNull();
    const added = textOf(merge(path, null, ours, theirs));
    expect(added === null || added === both).toBe(true);
  });

  it("is left to its tool where it is broken: markers, two of one key, cut off, not a lockfile", () => {
    const shop = write({ roots: ["alpha", "bravo"], versions: {} });
    const other = write({ roots: ["alpha", "charlie"], versions: {} });
    const twice = `${shop}\n${shop.split("\n").slice(-6).join("\n")}`;
    for (const broken of [
      `<<<<<<< ours\n${shop}`,
      twice,
      shop.slice(0, -9),
      "{}\n",
      "\0\n",
      "a: &a [*a]\n",
    ]) {
      const driven = merge(path, shop, broken, other);
      expect(driven?.settlements).toEqual([null]);
      expect(driven?.regeneration?.why).toMatch(/had better write the file anew/);
    }
  });

  it("never throws on any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(400), (one, two, at) => {
        const text = write({ roots: ["alpha", "foxtrot"], versions: {} });
        const damaged = text.slice(0, at) + one + text.slice(at + two.length);
        expect(() => merge(path, text, damaged, text + two)).not.toThrow();
      }),
      { numRuns: 200 },
    );
  });
});
