import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { ConflictedFile } from "../../../src/core/conflict.ts";
import { mergeDocument } from "../../../src/merge/json/document.ts";
import { jsonDriver } from "../../../src/merge/json/drivers.ts";
import { assemble, conflictOf } from "./git.ts";

const whole = (base: string | null, ours: string, theirs: string): ConflictedFile => ({
  path: "data.json",
  base,
  ours,
  theirs,
  segments: [],
});
const merged = (base: string | null, ours: string, theirs: string): string | null =>
  mergeDocument(whole(base, ours, theirs), "json")?.text ?? null;

/** What one side does to a key: nothing, or another value, or away with it; a fresh key is added. */
type Edit = "keep" | "change" | "remove";
interface Layout {
  readonly indent: string;
  readonly eol: string;
  readonly atEnd: boolean;
}
const layouts = fc.record<Layout>({
  indent: fc.constantFrom("  ", "    ", "\t"),
  eol: fc.constantFrom("\n", "\r\n"),
  atEnd: fc.boolean(),
});
const print = (value: unknown, { indent, eol, atEnd }: Layout): string =>
  JSON.stringify(value, null, indent).replaceAll("\n", eol) + (atEnd ? eol : "");

const names = fc.stringMatching(/^[a-z@/:"\\ é-]{1,8}$/);
const scalars = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.string({ maxLength: 6 }));
const values = fc.oneof(
  scalars,
  fc.dictionary(names, scalars, { minKeys: 1, maxKeys: 3 }),
  fc.array(scalars, { minLength: 1 }),
);
interface Plan {
  readonly value: unknown;
  readonly by: "ours" | "theirs";
  readonly edit: Edit;
  readonly next: unknown;
  readonly isNew: boolean;
}
const plans = fc.dictionary(
  names,
  fc.record<Plan>({
    value: values,
    by: fc.constantFrom("ours" as const, "theirs" as const),
    edit: fc.constantFrom<Edit>("keep", "change", "remove"),
    next: scalars,
    isNew: fc.boolean(),
  }),
  { minKeys: 2, maxKeys: 8 },
);

/** The object as a side, the base, or the expected merge has it. `__proto__` is a name like any other. */
function objectOf(
  plan: Readonly<Record<string, Plan>>,
  sees: (by: "ours" | "theirs") => boolean,
): Record<string, unknown> {
  const entries = Object.entries(plan).flatMap(
    ([name, { value, by, edit, next, isNew }]): [string, unknown][] => {
      if (isNew) return sees(by) ? [[name, next]] : [];
      if (!sees(by) || edit === "keep") return [[name, value]];
      return edit === "remove" ? [] : [[name, next]];
    },
  );
  // Never empty: "{}" on one line has no place for a key.
  return Object.fromEntries([["a first key", 0], ...entries]);
}

describe("merging two whole JSON files", () => {
  it("gives exactly the object with both sides' edits when no key is edited by both, in the files' own layout", () => {
    fc.assert(
      fc.property(plans, layouts, (plan, layout) => {
        const base = objectOf(plan, () => false);
        const ours = objectOf(plan, (by) => by === "ours");
        const theirs = objectOf(plan, (by) => by === "theirs");
        const text = merged(print(base, layout), print(ours, layout), print(theirs, layout));
        expect(text).not.toBeNull();
        const value: unknown = JSON.parse(text ?? "");
        expect(value).toEqual(objectOf(plan, () => true));
        expect(text).toBe(print(value, layout));
      }),
      { numRuns: 400 },
    );
  });

  it("makes no value up: every number and string of the result is in an input, whatever the inputs", () => {
    const tokens = (text: string): string[] => text.match(/"(?:[^"\\]|\\.)*"|-?\d[\d.e+-]*/gi) ?? [];
    const files = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), values, { minKeys: 1 });
    fc.assert(
      fc.property(files, files, files, layouts, (base, ours, theirs, layout) => {
        const inputs = [base, ours, theirs].map((value) => print(value, layout));
        const text = merged(inputs[0] ?? "", inputs[1] ?? "", inputs[2] ?? "");
        const known = new Set(inputs.flatMap(tokens));
        if (text === null) return;
        expect(tokens(text).filter((token) => !known.has(token))).toEqual([]);
        expect(() => JSON.parse(text) as unknown).not.toThrow();
      }),
      { numRuns: 400 },
    );
  });

  it("never throws, whatever the text", () => {
    const lines = fc.constantFrom(
      "{",
      "}",
      "},",
      "[",
      "]",
      '"a": 1,',
      '"a": {',
      "// x",
      "",
      "\u0000",
      '"b": [1',
      "/*",
      '"c" 2',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(lines).map((list) => list.join("\n")),
    );
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => void merged(base, ours, theirs)),
      { numRuns: 500 },
    );
    const deep = "[\n".repeat(20_000);
    expect(merged(deep, deep, deep)).toBeNull();
  });

  it("keeps comments and trailing commas where they are", () => {
    const file = (a: string, b: string): string =>
      `// settings\n{\n  // the first\n  "a": ${a}, // why a\n  "b": ${b}, // why b\n  // the end\n}\n`;
    expect(merged(file("1", "2"), file("3", "2"), file("1", "4"))).toBe(file("3", "4"));
  });

  it("takes the line endings and the last newline from the side that changed them", () => {
    const [base, ours] = ['{\n  "a": 1\n}\n', '{\r\n  "a": 1\r\n}\r\n'];
    expect(merged(base, ours, '{\n  "a": 2\n}')).toBe('{\r\n  "a": 2\r\n}');
    expect(merged(base, '{\n  "a": 1\r\n}\n', '{\n  "a": 2\n}\n')).toBeNull();
  });

  it("leaves to a person what the two sides want differently", () => {
    const of = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
    expect(merged(of({ a: 1, b: 1 }), of({ a: 2, b: 1 }), of({ a: 3, b: 1 }))).toBeNull();
    expect(merged(of({ a: 1, b: 1 }), of({ b: 1 }), of({ a: 3, b: 1 }))).toBeNull();
    expect(merged(of({ a: [1, 2] }), of({ a: [2, 1] }), of({ a: [1, 3] }))).toBeNull();
    expect(merged(of({ port: "80" }), of({ port: "81" }), of({ port: "82" }))).toBeNull();
    expect(merged(of({ a: { x: 1 } }), of({ a: 1 }), of({ a: { x: 2 } }))).toBeNull();
  });

  it("joins what both sides add to one list, and to one new object", () => {
    const of = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
    expect(merged(of({ a: ["x", "m"] }), of({ a: ["x", "o", "m"] }), of({ a: ["x", "m", "t"] }))).toBe(
      of({ a: ["x", "o", "m", "t"] }),
    );
    expect(merged(of({ z: 1 }), of({ z: 1, n: { o: 1 } }), of({ z: 1, n: { t: 2 } }))).toBe(
      of({ z: 1, n: { o: 1, t: 2 } }),
    );
    expect(merged(null, of({ a: 1 }), of({ b: 2 }))).toBe(of({ a: 1, b: 2 }));
  });

  it("does not take a file apart that has several things on a line, or a name twice", () => {
    expect(merged('{ "a": 1,\n"b": 2 }', '{ "a": 3,\n"b": 2 }', '{ "a": 1,\n"b": 4 }')).toBeNull();
    expect(merged('{\n"a": 1\n}', '{\n"a": 1,\n"a": 2\n}', '{\n"a": 3\n}')).toBeNull();
  });
});

describe("the driver for whole JSON files", () => {
  it("answers hunk by hunk, and the answers in place make the merged file", () => {
    const lines = (mocha: string, extra: string[]): string =>
      ["{", '  "scripts": {', '    "test": "mocha"', "  },", '  "devDependencies": {']
        .concat(`    "mocha": "${mocha}",`, extra, '    "zod": "4.0.0"', "  }", "}", "")
        .join("\n");
    const file = conflictOf(
      "web/package.json",
      lines("9.0.0", []),
      lines("9.1.0", ['    "nyc": "17.0.0",']),
      lines("9.2.0", ['    "ora": "8.0.0",']),
    );
    const settled = jsonDriver.merge(file)?.settlements ?? [];
    expect(settled).toHaveLength(1);
    expect(assemble(file, settled)).toBe(lines("9.2.0", ['    "nyc": "17.0.0",', '    "ora": "8.0.0",']));
  });

  it("judges each hunk by its own changes, though one side has more lines above", () => {
    const file = (koa: string, ora: string, extra: readonly string[]): string =>
      ["{", '  "name": "shop",', ...extra, '  "files": [', '    "dist"', "  ],", '  "dependencies": {']
        .concat(
          `    "koa": "${koa}",`,
          ["a", "b", "c", "d", "e"].map((name) => `    "${name}": "1.0.0",`),
        )
        .concat(`    "ora": "${ora}"`, "  }", "}", "")
        .join("\n");
    const extra = Array.from({ length: 7 }, (_, index) => `  "extra${index}": ${index},`);
    const conflict = conflictOf(
      "package.json",
      file("2.0.0", "8.0.0", []),
      file("2.1.0", "8.1.0", extra),
      file("2.2.0", "9.0.0", []),
    );
    expect(jsonDriver.merge(conflict)?.settlements.map((settlement) => settlement?.class)).toEqual([
      "version-bump/both-sides",
      "npm/version-choice/package-json",
    ]);
  });

  it("agrees with git about everything outside the hunks, or says nothing", () => {
    fc.assert(
      fc.property(plans, layouts, (plan, layout) => {
        const texts = [() => false, (by: string) => by === "ours", (by: string) => by === "theirs"].map(
          (sees) => print(objectOf(plan, sees), layout),
        );
        const file = conflictOf("data.json", texts[0] ?? "", texts[1] ?? "", texts[2] ?? "");
        const settled = jsonDriver.merge(file)?.settlements ?? null;
        if (settled === null) return;
        expect(assemble(file, settled)).toBe(mergeDocument(file, "json")?.text);
        expect(settled).toHaveLength(file.segments.filter(({ kind }) => kind === "hunk").length);
      }),
      { numRuns: 60 },
    );
  });

  it("knows its files", () => {
    expect(jsonDriver.matches("a/package.json")).toBe(true);
    expect(jsonDriver.matches("tsconfig.json")).toBe(true);
    expect(jsonDriver.matches("package-lock.json")).toBe(false);
    expect(jsonDriver.matches("a.ts")).toBe(false);
  });
});
