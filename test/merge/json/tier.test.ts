import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Settlement } from "../../../src/core/conflict.ts";
import { jsonTier } from "../../../src/merge/json/tier.ts";
import { tomlTier } from "../../../src/merge/toml/tier.ts";
import type { HunkContext } from "../../../src/merge/tier.ts";
import { conflictOf } from "./git.ts";

const dataTiers = [jsonTier, tomlTier];

interface Case {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly before?: string;
  readonly after?: string;
  readonly path?: string;
  readonly hunks?: number;
}

const DEPENDENCIES = '{\n  "name": "shop",\n  "dependencies": {\n    "ajv": "8.0.0",\n';
const MORE = '    "zod": "4.0.0"\n  }\n}\n';

function settle(hunk: Case): Settlement | null {
  const { base, ours, theirs, before = DEPENDENCIES, after = MORE, path = "package.json", hunks = 1 } = hunk;
  const context: HunkContext = { path, before, after, file: null, hunks };
  for (const tier of dataTiers) {
    const settlement = tier.settle({ kind: "hunk", base, ours, theirs }, context);
    if (settlement !== null) return settlement;
  }
  return null;
}
const answer = (hunk: Case): [string, string] | null => {
  const settlement = settle(hunk);
  return settlement === null ? null : [settlement.class, settlement.text];
};
/** Dependency lines, with a comma after each. */
const lines = (...pairs: string[]): string =>
  pairs.map((pair) => `    "${pair.split(" ")[0] ?? ""}": "${pair.split(" ")[1] ?? ""}",\n`).join("");

describe("a hunk of package.json", () => {
  it("keeps both bumps where each side bumped another dependency", () => {
    expect(
      answer({
        base: lines("got ^1.0.0", "koa ^2.0.0"),
        ours: lines("got ^1.1.0", "koa ^2.0.0"),
        theirs: lines("got ^1.0.0", "koa ^2.3.0"),
      }),
    ).toEqual(["version-bump/one-side-each", lines("got ^1.1.0", "koa ^2.3.0")]);
  });

  it("takes the higher of two bumps, in that side's own words", () => {
    expect(
      answer({ base: lines("got ^1.2.0"), ours: lines("got ^1.10.0"), theirs: lines("got ^1.9.9") }),
    ).toEqual(["version-bump/both-sides", lines("got ^1.10.0")]);
    expect(answer({ base: "", ours: lines("got ~1.2.0"), theirs: lines("got ~1.3.0") })).toEqual([
      "version-bump/both-added",
      lines("got ~1.3.0"),
    ]);
  });

  it("sets bumps apart that are more than bumps", () => {
    const both = (ours: string, theirs: string): string | undefined =>
      answer({ base: lines("got ^1.2.0"), ours: lines(ours), theirs: lines(theirs) })?.[0];
    expect(both("got ^2.0.0", "got ^1.9.0")).toBe("npm/version-choice/package-json");
    expect(both("got 1.3.0", "got ^1.9.0")).toBe("npm/version-choice/package-json");
    expect(both("got 1.3.0", "got 1.9.0")).toBe("npm/version-choice/package-json");
    expect(both("got ^1.1.0", "got ^1.9.0")).toBe("npm/version-choice/package-json");
  });

  it("keeps what each side adds, in order where the block is in order", () => {
    expect(answer({ base: "", ours: lines("koa 2.0.0"), theirs: lines("got 1.0.0") })).toEqual([
      "npm/add-different-keys/package-json",
      lines("got 1.0.0", "koa 2.0.0"),
    ]);
    const unsorted = {
      before: '{\n  "scripts": {\n    "test": "jest",\n    "build": "tsc",\n',
      after: '    "x": "y"\n  }\n}\n',
    };
    expect(
      answer({ base: "", ours: lines("lint eslint"), theirs: lines("fmt prettier"), ...unsorted })?.[1],
    ).toBe(lines("lint eslint", "fmt prettier"));
  });

  it("puts commas where they belong when the hunk ends its block", () => {
    const last = (...pairs: string[]): string => lines(...pairs).replace(/,\n$/, "\n");
    const after = "  }\n}\n";
    expect(
      answer({
        base: last("koa 2.0.0"),
        ours: last("koa 2.0.0", "ora 8.0.0"),
        theirs: last("koa 2.1.0"),
        after,
      })?.[1],
    ).toBe(last("koa 2.1.0", "ora 8.0.0"));
    expect(
      answer({
        base: last("koa 2.0.0", "ora 8.0.0"),
        ours: last("koa 2.0.0"),
        theirs: last("koa 2.1.0", "ora 8.0.0"),
        after,
      }),
    ).toEqual(["npm/removed-keys/package-json", last("koa 2.1.0")]);
  });

  it("abstains where nothing is left before the closing bracket but a comma", () => {
    const [base, after] = ['    "koa": "2.0.0",\n    "ora": "8.0.0"\n', "  }\n}\n"];
    const [ours, theirs] = ['    "ora": "8.0.0"\n', '    "koa": "2.0.0"\n'];
    expect(answer({ base, ours, theirs, after })).toBeNull();
  });

  it("loses no comment that one side wrote above, or behind, what the other bumped", () => {
    const commented = (version: string): string => `    // pinned\n${lines(`got ${version}`)}`;
    const elsewhere = { base: lines("got 1.0.0", "koa 2.0.0"), ours: lines("got 1.0.0", "koa 2.1.0") };
    expect(answer({ ...elsewhere, theirs: commented("1.0.0") + lines("koa 2.0.0") })?.[1]).toBe(
      commented("1.0.0") + lines("koa 2.1.0"),
    );
    const hunk = { base: lines("got 1.0.0"), ours: commented("1.1.0"), theirs: lines("got 1.2.0") };
    expect(answer(hunk)?.[1]).toBe(commented("1.2.0"));
    expect(answer({ ...hunk, ours: lines("got 1.1.0").replace("\n", " // pinned\n") })).toBeNull();
  });

  it("tells the package's own version from its dependencies'", () => {
    const version = (value: string): string => `  "version": "${value}",\n`;
    const at = { before: '{\n  "name": "shop",\n', after: '  "license": "MIT"\n}\n' };
    expect(
      answer({ base: version("1.0.0"), ours: version("1.1.0"), theirs: version("1.0.1"), ...at }),
    ).toEqual(["npm/own-version/release", version("1.1.0")]);
    expect(
      answer({ base: version("1.0.0"), ours: version("1.1.0-rc.1"), theirs: version("1.0.1"), ...at })?.[0],
    ).toBe("npm/own-version/pre-release");
    const inside = { before: '{\n  "volta": {\n', after: '    "node": "20.0.0"\n  }\n}\n' };
    expect(
      answer({ base: version("1.0.0"), ours: version("1.1.0"), theirs: version("1.0.1"), ...inside })?.[0],
    ).toBe("version-bump/both-sides");
  });

  it("leaves alone what it cannot know", () => {
    const hunk = { base: lines("got ^1.0.0"), ours: lines("got ^1.1.0"), theirs: lines("got ^1.2.0") };
    expect(answer({ ...hunk, ours: lines("got github:x/got") })).toBeNull();
    expect(answer({ ...hunk, ours: lines("got 1.2.0"), theirs: lines("got ~1.2.0") })).toBeNull();
    expect(answer({ ...hunk, base: "", ours: lines("got 1.2.0") })).toBeNull();
    expect(answer({ ...hunk, ours: "", path: "data.json" })).toBeNull();
    expect(answer({ ...hunk, ours: '    "got": "^1.1.0"\n' })).toBeNull();
    expect(answer({ base: "", ours: lines("got 1.0.0"), theirs: lines("zod 3.0.0") })).toBeNull();
    expect(answer({ ...hunk, path: "src/main.ts" })).toBeNull();
    expect(answer({ ...hunk, theirs: `${lines("got ^1.2.0")}  },\n` })).toBeNull();
  });

  it("does not add a name that stands elsewhere in the file", () => {
    const file = (got: string, tail: string): string =>
      `${DEPENDENCIES}${got}${lines("koa 2.0.0")}${tail}${MORE}`;
    const conflicted = conflictOf(
      "package.json",
      file(lines("got 1.0.0"), ""),
      file(lines("got 1.0.0", "ora 8.0.0"), ""),
      file(lines("got 1.1.0"), lines("ora 8.1.0")),
    );
    const [hunk] = conflicted.segments.filter((segment) => segment.kind === "hunk");
    if (hunk === undefined) throw new Error("no conflict");
    const context = { path: "package.json", before: "", after: lines("koa 2.0.0"), hunks: 1 };
    expect(dataTiers[0]?.settle(hunk, { ...context, file: null })).not.toBeNull();
    expect(dataTiers[0]?.settle(hunk, { ...context, file: conflicted })).toBeNull();
  });

  it("crosses blocks that both sides open and close alike", () => {
    const hunk = (got: string, jest: string): string =>
      `    "got": "${got}"\n  },\n  "devDependencies": {\n    "jest": "${jest}",\n`;
    expect(
      answer({
        base: hunk("1.0.0", "30.0.0"),
        ours: hunk("1.1.0", "30.0.0"),
        theirs: hunk("1.0.0", "30.2.0"),
      }),
    ).toEqual(["version-bump/one-side-each", hunk("1.1.0", "30.2.0")]);
  });

  it("loses no addition of either side, repeats none, and stays well formed, whatever the dependencies", () => {
    const some = fc.uniqueArray(fc.constantFrom(...Array.from("bcdefghijk")), { maxLength: 5 });
    let settledCount = 0;
    fc.assert(
      fc.property(
        fc.tuple(some, some, some),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        ([old, ours, theirs], eol, ends) => {
          const text = (names: readonly string[]): string => {
            const all = Array.from(new Set(names))
              .sort()
              .map((name) => `\t\t"${name}": "1.0.0"`);
            return all.length === 0 ? "" : `${all.join(`,${eol}`)}${ends ? "" : ","}${eol}`;
          };
          const before = `{${eol}\t"dependencies": {${eol}`;
          const after = ends ? `\t}${eol}}${eol}` : `\t\t"z": "1.0.0"${eol}\t}${eol}}${eol}`;
          const hunk = {
            base: text(old),
            ours: text([...old, ...ours]),
            theirs: text([...old, ...theirs]),
            before,
            after,
          };
          const settled = settle(hunk);
          if (settled === null) return;
          settledCount++;
          const value = JSON.parse(before + settled.text + after) as { dependencies: Record<string, string> };
          const names = Array.from(new Set([...old, ...ours, ...theirs])).sort();
          expect(Object.keys(value.dependencies).filter((name) => name !== "z")).toEqual(names);
          expect(settled.text).toBe(text(names));
        },
      ),
      { numRuns: 500 },
    );
    expect(settledCount).toBeGreaterThan(250);
  });

  it("says in one sentence what it did", () => {
    expect(
      settle({
        base: lines("got ^1.2.0"),
        ours: lines("got ^1.3.0"),
        theirs: lines("got ^1.4.0", "ky 1.0.0"),
      })?.why,
    ).toBe(
      "Merged by key: both sides set another version of got; one side added ky; the higher version was taken.",
    );
  });
});

describe("a hunk of package-lock.json seen without its file", () => {
  const lock = {
    path: "package-lock.json",
    before: '    "node_modules/got": {\n',
    after: '      "license": "MIT"\n    },\n',
  };
  const entry = (version: string, hash: string): string =>
    `      "version": "${version}",\n      "resolved": "https://r.example/got-${version}.tgz",\n      "integrity": "sha512-${hash}",\n`;

  it("takes the whole entry of the side with the higher version, with what the hunk shows of it below", () => {
    const more = (range: string): string => `      "dependencies": {\n        "ky": "${range}",\n`;
    const [base, ours, theirs] = [entry("1.0.0", "b"), entry("1.2.0", "o"), entry("1.10.0", "t")];
    expect(answer({ base, ours, theirs, ...lock })).toEqual(["version-bump/lock-entry", theirs]);
    expect(
      answer({
        base: base + more("^1.0.0"),
        ours: ours + more("^9.0.0"),
        theirs: theirs + more("^2.0.0"),
        ...lock,
      }),
    ).toEqual(["version-bump/lock-entry", theirs + more("^2.0.0")]);
  });

  it("abstains where versions do not decide, and in a file that was rewritten", () => {
    const [base, ours, theirs] = [entry("1.0.0", "b"), entry("1.2.0", "o"), entry("1.2.0", "t")];
    expect(answer({ base, ours, theirs, ...lock })).toBeNull();
    expect(answer({ base, ours, theirs: entry("1.3.0", "t"), ...lock, hunks: 51 })).toBeNull();
    expect(answer({ base, ours, theirs: entry("1.3.0", "t"), ...lock, hunks: 50 })).not.toBeNull();
  });
});

describe("a hunk of any other JSON file", () => {
  it("is of other classes: a version there may be of anything", () => {
    const version = (value: string): string => `  "schema": "${value}",\n`;
    const at = { path: "api.json", before: "{\n", after: '  "z": 1\n}\n' };
    expect(
      answer({ base: version("1.0.0"), ours: version("1.1.0"), theirs: version("1.2.0"), ...at }),
    ).toEqual(["json/version-choice/json", version("1.2.0")]);
  });
});

describe("any hunk", () => {
  it("is settled or left, never thrown at", () => {
    const texts = fc.oneof(
      fc.string(),
      fc
        .array(
          fc.constantFrom(
            '"a": 1,',
            '"b": {',
            "},",
            "}",
            "]",
            "a = 1",
            '"version": "1.0.0",',
            '"resolved": "x",',
          ),
        )
        .map((list) => `${list.join("\n")}\n`),
    );
    const paths = fc.constantFrom("package.json", "package-lock.json", "x.json", "Cargo.toml");
    fc.assert(
      fc.property(fc.tuple(texts, texts, texts), texts, texts, paths, ([base, ours, theirs], ...around) => {
        const [before, after, path] = around;
        settle({ base, ours, theirs, before, after, path });
      }),
      { numRuns: 1000 },
    );
  });
});
