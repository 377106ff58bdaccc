import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { tomlTier } from "../../../src/merge/toml/tier.ts";
import { settleWith, type Given } from "../support.ts";

const cargo = { path: "Cargo.toml", before: "[dependencies]\n", after: "" };
const answer = (given: Given): [string, string] | null => {
  const settled = settleWith(tomlTier, given);
  return settled && [settled.class, settled.text];
};
const text = (given: Omit<Given, "path"> & { path?: string }): string | null =>
  answer({ ...cargo, ...given })?.[1] ?? null;

describe("a hunk of a TOML file", () => {
  it("keeps both sides' bumps, the higher of two, and every other change beside them", () => {
    expect(
      answer({
        base: 'libc = "0.2.1"\nnix = "0.20"\n',
        ours: 'libc = "0.2.9"\nnix = "0.20"\n',
        theirs: 'libc = "0.2.1"\nnix = "0.22"\n',
        ...cargo,
      }),
    ).toEqual(["version-bump/one-side-each", 'libc = "0.2.9"\nnix = "0.22"\n']);
    const bump = (version: string): string => `a = "${version}"\n`;
    expect(answer({ base: bump("1.0"), ours: bump("1.1"), theirs: bump("1.2"), ...cargo })?.[0]).toBe(
      "version-bump/both-sides",
    );
    expect(answer({ base: bump("0.1"), ours: bump("0.2"), theirs: bump("0.3"), ...cargo })).toEqual([
      "toml/version-choice/toml",
      bump("0.3"),
    ]);
    const path = (one: string, other: string): string =>
      `a = { path = "${one}" }\nb = { path = "${other}" }\n`;
    expect(
      answer({ base: path("a", "b"), ours: path("x/a", "b"), theirs: path("a", "x/b"), ...cargo }),
    ).toEqual(["toml/changed-keys/toml", path("x/a", "x/b")]);
  });

  it("adds what either side added and removes what either removed, tables among them", () => {
    expect(text({ ours: 'd = "2.0"\nc = "1.0"\n', theirs: 'b = "1.0"\n' })).toBe(
      'd = "2.0"\nc = "1.0"\nb = "1.0"\n',
    );
    expect(text({ base: 'a = "1.0"\nb = "1.0"\n', ours: 'b = "1.0"\n', theirs: 'a = "1.0"\n' })).toBe("");
    expect(
      text({
        base: 'a = "1"\n',
        ours: 'a = "2"\n\n[features]\nf = []\n',
        theirs: 'a = "2"\n',
        after: "\n[lints]\n",
      }),
    ).toBe('a = "2"\n\n[features]\nf = []\n');
  });

  it("leaves alone what goes on in a table that only one side opens, and what it cannot place", () => {
    const opened = { base: "", ours: "[features]\nf = []\n", theirs: 'b = "1"\n' };
    expect(text({ ...opened, after: "g = []\n" })).toBeNull();
    expect(text({ base: "", ours: "b = 1\n", theirs: "c = 1\n", before: "[x]\n# about b\n" })).toBeNull();
    expect(text({ base: "", ours: "b = 1\n", theirs: "c = 1\n", before: "[x]\nb = 2\n" })).toBeNull();
    expect(text({ base: "", ours: "b = 1\n", theirs: "c = 1\n", before: 'a = """\n' })).toBeNull();
  });

  it("stays open where a key is removed and changed, or changed twice with no higher version", () => {
    expect(text({ base: "a = 1\nb = 1\n", ours: "b = 1\n", theirs: "a = 2\nb = 1\n" })).toBeNull();
    expect(text({ base: 'a = "x"\n', ours: 'a = "y"\n', theirs: 'a = "z"\n' })).toBeNull();
    expect(text({ base: "a = 1\n", ours: "b = 1\n", theirs: "c = 1\n" })).toBeNull();
  });

  it("merges elements of a list that opened before it, a comma between any two", () => {
    const members = { before: 'members = [\n  "a",\n', after: "]\n" };
    expect(text({ base: '  "b",\n  "c",\n', ours: '  "b",\n', theirs: '  "c",\n', ...members })).toBe("");
    expect(text({ base: '  "b"\n', ours: '  "b",\n  "d"\n', theirs: '  "b",\n  "e"\n', ...members })).toBe(
      '  "b",\n  "d",\n  "e"\n',
    );
    expect(text({ base: "", ours: '  "a",\n', theirs: '  "d",\n', ...members })).toBeNull();
    expect(text({ base: "  80,\n", ours: "  81,\n", theirs: "  80,\n  90,\n", ...members })).toBeNull();
    expect(
      answer({
        path: "pyproject.toml",
        before: "dev = [\n",
        after: "]\n",
        base: '  "ruff>=1.1.0",\n  "mypy==1.0",\n',
        ours: '  "ruff>=1.2.0",\n  "mypy==1.0",\n',
        theirs: '  "ruff>=1.3.0",\n  "mypy==1.1",\n',
      }),
    ).toEqual(["version-bump/both-sides", '  "ruff>=1.3.0",\n  "mypy==1.1",\n']);
  });

  it("takes the layout of the side that changed something where the other changed only layout", () => {
    const members = { before: "features = [\n", after: "]\n" };
    expect(
      text({
        base: ' "a",\n "c",\n',
        ours: '    "a",\n    "c",\n',
        theirs: ' "a",\n "b",\n "c",\n',
        ...members,
      }),
    ).toBe(' "a",\n "b",\n "c",\n');
  });

  it("is settled with every key's change, in the sides' line ending, or left", () => {
    const values = fc.option(fc.constantFrom('"1.0"', '"1.5"', "[1]", "true", '{ version = "1.1" }'), {
      freq: 6,
    });
    const keys = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), fc.tuple(values, values, values));
    fc.assert(
      fc.property(keys, (plan) => {
        const side = (index: 0 | 1 | 2): string =>
          Object.entries(plan)
            .map(([key, all]) => (all[index] === null ? "" : `${key} = ${all[index]}\r\n`))
            .join("");
        const got = text({ base: side(0), ours: side(1), theirs: side(2) });
        if (got === null) return;
        const lines = got.split("\r\n").slice(0, -1);
        for (const [key, [base, ours, theirs]] of Object.entries(plan)) {
          const now = lines.filter((line) => line.startsWith(`${key} = `)).map((line) => line.slice(4));
          if (ours === theirs || theirs === base) expect(now).toEqual(ours === null ? [] : [ours]);
          else if (ours === base) expect(now).toEqual(theirs === null ? [] : [theirs]);
          else expect([ours, theirs]).toContain(now[0]);
        }
      }),
      { numRuns: 500 },
    );
  });
});
