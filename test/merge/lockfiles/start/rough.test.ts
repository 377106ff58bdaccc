// What a tool starts from has what both sides had, and of two versions the higher, whichever side is ours.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { roughLockfile, type RoughTool } from "../../../../src/merge/lockfiles/start/rough.ts";
import { lockedVersions } from "../../../../src/merge/lockfiles/verify/verify-lockfile.ts";
import { formats, type Project } from "../verify/written-locks.ts";

const tools: readonly (readonly [string, RoughTool])[] = [
  ["npm", "npm"],
  ["yarn 1", "yarn"],
  ["later yarns", "yarn"],
  ["cargo", "cargo"],
  ["uv", "uv"],
];

const names = ["alpha", "bravo", "charlie", "delta"];
const versions = fc.constantFrom("1.0.0", "1.1.0", "1.2.0", "1.10.0");
const someLocked = fc.dictionary(fc.constantFrom(...names), versions);
const projectOf = (locked: Readonly<Record<string, string>>): Project => ({
  wanted: Object.fromEntries(Object.keys(locked).map((name) => [name, "1.0.0"])),
  locked: Object.fromEntries(Object.entries(locked).map(([name, version]) => [name, { version }])),
});
const minor = (version: string): number => Number(version.split(".")[1]);

/** What is to be locked of one name. */
function expected(base?: string, ours?: string, theirs?: string): string | undefined {
  if (ours === theirs || base === theirs) return ours;
  if (base === ours) return theirs;
  if (ours === undefined || theirs === undefined) return ours ?? theirs;
  return minor(ours) > minor(theirs) ? ours : theirs;
}

describe.each(tools)("a start for %s", (name, tool) => {
  const format = formats[name];
  if (format === undefined) throw new Error(`There is no format ${name}.`);

  it("is the three-way merge of what is locked", () => {
    fc.assert(
      fc.property(someLocked, someLocked, someLocked, (base, ours, theirs) => {
        const [one, two, three] = [base, ours, theirs].map((locked) => format.lock(projectOf(locked)));
        const text = roughLockfile(tool, { base: one ?? "", ours: two ?? "", theirs: three ?? "" });
        const found = lockedVersions(format.path, text ?? "");
        for (const each of names) {
          const version = expected(base[each], ours[each], theirs[each]);
          expect(found.get(each)).toEqual(version === undefined ? undefined : [version]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is one side's where the other changed nothing", () => {
    const [base, changed] = [{ alpha: "1.0.0" }, { alpha: "1.1.0", bravo: "1.0.0" }].map((locked) =>
      format.lock(projectOf(locked)),
    );
    const [before = "", after = ""] = [base, changed];
    const own = roughLockfile(tool, { base: before, ours: after, theirs: before });
    expect(lockedVersions(format.path, own ?? "")).toEqual(lockedVersions(format.path, after));
  });

  it("is made of any three texts, or of none", () => {
    const text = format.lock(projectOf({ alpha: "1.0.0", bravo: "1.1.0" }));
    const edited = fc
      .tuple(fc.nat(text.length), fc.nat(30), fc.string())
      .map(([at, length, put]) => text.slice(0, at) + put + text.slice(at + length));
    fc.assert(
      fc.property(edited, edited, edited, (base, ours, theirs) => {
        const made = roughLockfile(tool, { base, ours, theirs });
        expect(made === null || typeof made === "string").toBe(true);
      }),
      { numRuns: 100 },
    );
    expect(roughLockfile(tool, { base: "", ours: "{", theirs: text })).toBeNull();
  });
});
