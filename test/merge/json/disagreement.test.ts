import { describe, expect, it } from "@jest/globals";
import type { Settlement } from "../../../src/core/conflict.ts";
import { jsonTier } from "../../../src/merge/json/tier.ts";

interface Case {
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  readonly before?: string;
  readonly after?: string;
  readonly path?: string;
}

function settle(hunk: Case): Settlement | null {
  const {
    base,
    ours,
    theirs,
    path = "package.json",
    before = '{\n  "name": "shop",\n  "dependencies": {\n    "ajv": "8.0.0",\n',
    after = '    "zod": "4.0.0"\n  }\n}\n',
  } = hunk;
  const context = { path, before, after, file: null, hunks: 1 };
  return jsonTier.settle({ kind: "hunk", base, ours, theirs }, context);
}
const answer = (hunk: Case): [string, string] | null => {
  const settlement = settle(hunk);
  return settlement === null ? null : [settlement.class, settlement.text];
};
/** Dependency lines, with a comma after each. */
const lines = (...pairs: string[]): string =>
  pairs.map((pair) => `    "${pair.split(" ")[0] ?? ""}": "${pair.split(" ")[1] ?? ""}",\n`).join("");

describe("a hunk of package.json on which the sides disagree", () => {
  it("keeps away what one side removed and the other only changed, in a class of its own", () => {
    const removed = { base: lines("got ^1.0.0", "koa 2.0.0"), ours: lines("koa 2.0.0") };
    expect(answer({ ...removed, theirs: lines("got ^1.2.0", "koa 2.1.0") })).toEqual([
      "npm/removed-bumped/package-json",
      lines("koa 2.1.0"),
    ]);
    expect(answer({ ...removed, theirs: lines("got github:x/got", "koa 2.1.0") })?.[0]).toBe(
      "npm/removed-changed/package-json",
    );
    expect(settle({ ...removed, theirs: lines("got ^1.2.0", "koa 2.0.0") })?.why).toBe(
      "Merged by key: one side removed, the other changed got; what was removed stays away.",
    );
  });

  it("takes the form of range that one side chose, where both bumped to the same version", () => {
    const hunk = { base: lines("got 1.0.0"), ours: lines("got 1.2.0"), theirs: lines("got ^1.2.0") };
    expect(answer(hunk)).toEqual(["npm/version-choice/package-json", lines("got ^1.2.0")]);
    expect(answer({ ...hunk, ours: hunk.theirs, theirs: hunk.ours })?.[1]).toBe(lines("got ^1.2.0"));
  });

  it("takes a dependency from where one side moved it, over the other's bump", () => {
    const hunk = { base: lines("got ^1.0.0"), ours: lines("got ^1.2.0"), theirs: lines("got file:../got") };
    expect(answer(hunk)).toEqual(["npm/version-choice/package-json", hunk.theirs]);
    expect(answer({ ...hunk, ours: lines("got workspace:*") })).toBeNull();
    expect(answer({ ...hunk, theirs: lines("got git+https://h.example/got") })).toBeNull();
  });

  it("sees that a line both sides keep was cut off them and not off the base", () => {
    expect(
      answer({
        base: '    "ora": "8.0.0"\n',
        ours: lines("koa 2.0.0"),
        theirs: lines("got 1.0.0"),
        after: '    "ora": "8.0.0",\n    "zod": "4.0.0"\n  }\n}\n',
      }),
    ).toEqual(["npm/add-different-keys/package-json", lines("got 1.0.0", "koa 2.0.0")]);
  });

  it("merges sides that open different blocks, with the lines around them", () => {
    const before = '    "mocha": "9.0.0"\n  },\n  "optionalDependencies": {\n';
    const tail = { before, after: "  }\n}\n" };
    const entry = (version: string): string => `    "uws": "${version}"\n`;
    const more = '  },\n  "funding": {\n    "url": "https://h.example"\n';
    expect(
      answer({ base: entry("1.0.0"), ours: entry("1.0.0") + more, theirs: entry("1.1.0"), ...tail }),
    ).toEqual(["npm/add-different-keys/package-json", entry("1.1.0") + more]);
    expect(
      answer({
        base: entry("1.0.0"),
        ours: entry("1.0.0") + more,
        theirs: `${entry("1.1.0")}  },\n`,
        ...tail,
      }),
    ).toBeNull();
  });

  it("moves one side's edits into the indentation that the other gave the lines", () => {
    const deep = (...pairs: string[]): string => lines(...pairs).replace(/^ +/gm, "\t\t");
    expect(
      answer({
        base: lines("got 1.0.0", "koa 2.0.0", "ora 8.0.0"),
        ours: deep("got 1.0.0", "koa 2.0.0", "ora 8.1.0"),
        theirs: lines("got 1.1.0", "koa 2.0.0", "ora 8.0.0"),
        before: '{\n  "dependencies": {\n',
      })?.[1],
    ).toBe(deep("got 1.1.0", "koa 2.0.0", "ora 8.1.0"));
  });

  it("never changes the order of conditions, nor makes one up", () => {
    const of = (...names: string[]): string =>
      names.map((name) => `      "${name}": "./${name}.js",\n`).join("");
    const at = {
      before: '{\n  "exports": {\n    ".": {\n',
      after: '      "default": "./index.js"\n    }\n  }\n}\n',
    };
    expect(answer({ base: "", ours: of("require"), theirs: of("import"), ...at })).toBeNull();
    expect(
      answer({
        base: of("import"),
        ours: of("node", "import"),
        theirs: of("import").replace("./import.js", "./i.mjs"),
        ...at,
      })?.[1],
    ).toBe(of("node", "import").replace("./import.js", "./i.mjs"));
    const subpaths = { before: '{\n  "exports": {\n', after: '    "./z": "./z.js"\n  }\n}\n' };
    expect(answer({ base: "", ours: of("./b"), theirs: of("./a"), ...subpaths })).not.toBeNull();
  });
});

describe("a hunk of translations", () => {
  const at = {
    path: "web/locales/de.json",
    before: "{\n",
    after: '  "save": "Sichern",\n  "zoom": "Zoom"\n}\n',
  };
  const of = (...pairs: string[]): string =>
    pairs.map((pair) => `  "${pair.split(" ")[0] ?? ""}": "${pair.split(" ")[1] ?? ""}",\n`).join("");

  it("keeps what both sides add, in the file's order", () => {
    expect(answer({ base: "", ours: of("open Öffnen"), theirs: of("close Schließen"), ...at })).toEqual([
      "json/add-different-keys/i18n",
      of("close Schließen", "open Öffnen"),
    ]);
    const unsorted = { ...at, before: '{\n  "title": "Laden",\n' };
    expect(
      answer({ base: "", ours: of("open Öffnen"), theirs: of("close Schließen"), ...unsorted })?.[1],
    ).toBe(of("open Öffnen", "close Schließen"));
  });

  it("leaves to a person what both sides translated differently, or one removed", () => {
    const [base, ours, theirs] = [of("open Auf"), of("open Öffnen"), of("open Aufmachen")];
    expect(answer({ base, ours, theirs, ...at })).toBeNull();
    expect(answer({ base: "", ours, theirs, ...at })).toBeNull();
    expect(answer({ base, ours, theirs: "", ...at })).toBeNull();
  });
});
