import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { yamlDriver } from "../../../src/merge/yaml/drivers.ts";
import { mergeYaml } from "../../../src/merge/yaml/document.ts";
import { assemble, conflictOf } from "../json/git.ts";

const merged = (base: string, ours: string, theirs: string): string | null =>
  mergeYaml({ base, ours, theirs })?.text ?? null;

/** What one side does to a key; a fresh key is added. */
interface Plan {
  readonly value: unknown;
  readonly by: "ours" | "theirs";
  readonly edit: "keep" | "change" | "remove";
  readonly next: unknown;
  readonly isNew: boolean;
}
interface Layout {
  readonly indent: number;
  readonly eol: string;
  readonly atEnd: boolean;
  readonly bom: boolean;
  readonly comments: boolean;
}
const layouts = fc.record<Layout>({
  indent: fc.constantFrom(2, 4),
  eol: fc.constantFrom("\n", "\r\n"),
  atEnd: fc.boolean(),
  bom: fc.boolean(),
  comments: fc.boolean(),
});
const names = fc.oneof(
  fc.constantFrom("on", "jobs", "1.0", "a b", "# x", "- y", "<<<", "yes", "null", "__proto__", "é"),
  fc.stringMatching(/^[a-z:"' -]{1,6}$/),
);
const scalars = fc.oneof(
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 8 }),
  fc.constantFrom("two\nlines\n", "keep\n\n", "# no comment", " led", "on\n# x\n"),
);
const nested = fc.dictionary(names, scalars, { minKeys: 1, maxKeys: 3 });
const values = fc.oneof(
  scalars,
  nested,
  fc.array(scalars, { minLength: 1, maxLength: 3 }),
  fc.array(nested, { minLength: 1, maxLength: 2 }),
);
const plans = fc.dictionary(
  names,
  fc.record<Plan>({
    value: values,
    by: fc.constantFrom("ours" as const, "theirs" as const),
    edit: fc.constantFrom("keep" as const, "change" as const, "remove" as const),
    next: values,
    isNew: fc.boolean(),
  }),
  { minKeys: 2, maxKeys: 7 },
);
type Planned = Readonly<Record<string, Plan>>;

function objectOf(plan: Planned, sees: (by: "ours" | "theirs") => boolean): Record<string, unknown> {
  const entries = Object.entries(plan).flatMap(
    ([name, { value, by, edit, next, isNew }]): [string, unknown][] => {
      if (isNew) return sees(by) ? [[name, next]] : [];
      if (!sees(by) || edit === "keep") return [[name, value]];
      return edit === "remove" ? [] : [[name, next]];
    },
  );
  // The last line is no block of text, which would mean something else without its line ending.
  return Object.fromEntries([["a first key", 0], ...entries, ["the last key", 0]]);
}

function print(object: Record<string, unknown>, { indent, eol, atEnd, bom, comments }: Layout): string {
  const parts = Object.entries(object).map(([name, value]) => {
    const note = comments ? `# about ${JSON.stringify(name)}\n` : "";
    return note + stringify(Object.fromEntries([[name, value]]), { indent, lineWidth: 0 });
  });
  const text = parts.join("").replaceAll("\n", eol);
  return (bom ? "\uFEFF" : "") + (atEnd ? text : text.slice(0, -eol.length));
}

const valueOf = (text: string): unknown => parse(text, { mapAsMap: true });

describe("merging two whole YAML files", () => {
  it("gives exactly the values with both sides' edits when no key is edited by both, and every comment of what stays", () => {
    let settled = 0;
    fc.assert(
      fc.property(plans, layouts, (plan, layout) => {
        const side = (sees: (by: "ours" | "theirs") => boolean): string =>
          print(objectOf(plan, sees), layout);
        const text = merged(
          side(() => false),
          side((by) => by === "ours"),
          side((by) => by === "theirs"),
        );
        if (text === null) return;
        settled++;
        const whole = objectOf(plan, () => true);
        expect(valueOf(text)).toEqual(valueOf(print(whole, layout)));
        if (!layout.comments) return;
        for (const name of Object.keys(whole)) expect(text).toContain(`# about ${JSON.stringify(name)}`);
      }),
      { numRuns: 150 },
    );
    expect(settled).toBeGreaterThan(110);
  });

  it("never drops what one side alone did, whatever both did elsewhere: an answer or none", () => {
    const files = fc.dictionary(fc.constantFrom("a", "b", "c", "d"), values, { minKeys: 1 });
    fc.assert(
      fc.property(files, files, files, layouts, (base, ours, theirs, layout) => {
        const text = merged(print(base, layout), print(ours, layout), print(theirs, layout));
        if (text === null) return;
        const result = valueOf(text) as Map<string, unknown>;
        const [old, mine, other] = [base, ours, theirs].map(
          (object) => valueOf(print(object, layout)) as Map<string, unknown>,
        );
        for (const name of ["a", "b", "c", "d"]) {
          const [before, left, right] = [old, mine, other].map((map) => JSON.stringify(map?.get(name)));
          const now = result.get(name);
          if (left === right || before === right) expect(now).toEqual(mine?.get(name));
          else if (before === left) expect(now).toEqual(other?.get(name));
        }
      }),
      { numRuns: 100 },
    );
  });

  it("gives the other side byte for byte where one side is the base", () => {
    const lines = fc.array(
      fc.constantFrom(
        "a: 1",
        "b:",
        "  c: 2",
        "  - x",
        "# n",
        "",
        "- y",
        "d: |",
        "    e",
        "f: [1]",
        "  # g",
        "h: 'i'",
      ),
      { maxLength: 9 },
    );
    fc.assert(
      fc.property(lines, lines, fc.constantFrom("\n", "\r\n"), (one, other, eol) => {
        const [base, changed] = [one.join(eol) + eol, other.join(eol) + eol];
        for (const text of [merged(base, changed, base), merged(base, base, changed)])
          if (text !== null) expect(text).toBe(changed);
      }),
      { numRuns: 200 },
    );
  });

  it("never throws, whatever the text", () => {
    const line = fc.constantFrom(
      "a: 1",
      "a: 2",
      "b:",
      "  c: *x",
      "  d: &x 1",
      "\te: 1",
      "- f",
      "  - g: 1",
      "? h",
      ": i",
      "---",
      "...",
      "%YAML 1.2",
      "j: |+",
      "    k",
      "{l: [",
      "!!str m: n",
      "<<: *x",
      "\u0000",
      "# o",
      "",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(line).map((list) => list.join("\n")),
    );
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => void merged(base, ours, theirs)),
      { numRuns: 300 },
    );
    const deep = "[".repeat(20_000);
    expect(merged(deep, `${deep}\n`, `${deep}#`)).toBeNull();
    const dashes = `${"- ".repeat(5_000)}x\n`;
    merged(dashes, `${dashes}- y\n`, `- z\n${dashes}`);
  });

  it("keeps comments with what they are about, and header and tail where they are", () => {
    const file = (a: string, b: string, more = ""): string =>
      `# licence\n\n# the first\na: ${a} # why a\n\nb:\n  # inside\n  c: ${b}\n  # c: off\n${more}\n# the end\n`;
    expect(merged(file("1", "2"), file("3", "2"), file("1", "4", "z: 1\n"))).toBe(file("3", "4", "z: 1\n"));
  });

  it("merges lists of words that both only add to, and steps between the steps that all have", () => {
    const list = (...words: string[]): string => `on:\n${words.map((word) => `  - ${word}\n`).join("")}`;
    expect(merged(list("x", "m"), list("x", "o", "m"), list("x", "m", "t"))).toBe(list("x", "o", "m", "t"));
    expect(merged(list("x", "m"), list("m"), list("x", "m", "t"))).toBe(list("m", "t"));
    expect(merged(list("x", "m"), list("x", "o"), list("x", "t"))).toBeNull();
    const steps = (...names: string[]): string =>
      `steps:\n${names.map((name) => `- name: ${name}\n  run: |\n    ${name} now\n`).join("")}`;
    expect(merged(steps("b", "d"), steps("a", "b", "d"), steps("b", "c", "d"))).toBe(
      steps("a", "b", "c", "d"),
    );
    // The order in which steps run is not for a rule to make up.
    expect(merged(steps("b", "d"), steps("b", "x"), steps("b", "y", "d"))).toBeNull();
    expect(merged(steps("b", "d"), steps("d", "b"), steps("b", "c", "d"))).toBeNull();
  });

  it("takes the higher version of one action, image or version, and of nothing else", () => {
    const line = (base: string, ours: string, theirs: string): string | null => merged(base, ours, theirs);
    const uses = (version: string): string => `- uses: actions/checkout@${version}\n  with: {depth: 1}\n`;
    expect(line(uses("v3"), uses("v10"), uses("v9"))).toBe(uses("v10"));
    const pinned = (hex: string, version: string): string => uses(`${hex.repeat(40)} # ${version}`);
    expect(line(pinned("a", "v3.0.0"), pinned("b", "v3.1.0"), pinned("c", "v4.0.0"))).toBe(
      pinned("c", "v4.0.0"),
    );
    expect(line("image: node:18.1-slim\n", "image: node:18.2-slim\n", "image: node:20.1-slim\n")).toBe(
      "image: node:20.1-slim\n",
    );
    expect(line("image: node:18.1\n", "image: node:18.2\n", "image: node:20.1-slim\n")).toBeNull();
    expect(line("version: '1.9'\n", "version: '1.10'\n", "version: '1.11'\n")).toBe("version: '1.11'\n");
    expect(line("port: 80\n", "port: 81\n", "port: 82\n")).toBeNull();
  });

  it("abstains where the sides are not laid out alike, or where more is meant than the lines say", () => {
    const list = (indent: string, word: string): string => `on:\n${indent}- x\n${indent}- ${word}\n`;
    expect(merged(list("", "a"), list("  ", "a"), list("", "b"))).toBeNull();
    expect(merged("a: &x 1\nb: 2\n", "a: 1\nb: 2\n", "a: &x 1\nb: 3\n")).toBeNull();
    expect(merged("a: 1\n---\nb: 2\n", "a: 3\n---\nb: 2\n", "a: 1\n---\nb: 4\n")).toBeNull();
    expect(merged("a: 1\nb: 2\n", "a: 3\na: 4\nb: 2\n", "a: 1\nb: 5\n")).toBeNull();
    expect(merged("a: [1]\n", "a: [1, 2]\n", "a: [3, 1]\n")).toBeNull();
    expect(merged("a: 1\nb: 2\n", "b: 2\n", "a: 3\nb: 2\n")).toBeNull();
    expect(merged("x:\n  a: 1\n  b: 1\n", "x:\n  a: 1\n", "x:\n  b: 1\n")).toBeNull();
    expect(merged("a: 1\n", "\uFEFFa: 2\n", "a: 1\nb: 1\n")).toBeNull();
  });

  it("merges files that both sides added where they agree about every key that both have", () => {
    expect(merged("", "a: 1\nb: 2\n", "a: 1\nc: 3\n")).toBe("a: 1\nb: 2\nc: 3\n");
    expect(merged("", "a: 1\n", "a: 2\n")).toBeNull();
  });
});

describe("the driver for whole YAML files", () => {
  it("answers hunk by hunk with a class of its own, and the answers in place make the merged file", () => {
    const file = (uses: string, env: string, words: string[]): string =>
      [
        "jobs:",
        "  test:",
        `    uses: a/b@${uses}`,
        env,
        "",
        ...Array<string>(6).fill("    # filler"),
        "    list:",
      ]
        .concat(
          words.map((word) => `      - ${word}`),
          "    end: 1",
          "",
        )
        .join("\n");
    const conflict = conflictOf(
      ".ci.yml",
      file("v1", "    env: {A: 1}", ["x"]),
      file("v2", "    env: {A: 1}", ["x", "o"]),
      file("v3", "    env: {A: 2}", ["x", "t"]),
    );
    const settled = yamlDriver.merge(conflict)?.settlements ?? [];
    expect(settled.map((settlement) => settlement?.class)).toEqual(["yaml/version-choice", "yaml/list/add"]);
    expect(assemble(conflict, settled)).toBe(file("v3", "    env: {A: 2}", ["x", "o", "t"]));
  });

  it("agrees with git about everything outside the hunks, or says nothing", () => {
    fc.assert(
      fc.property(plans, layouts, (plan, layout) => {
        const side = (sees: (by: "ours" | "theirs") => boolean): string =>
          print(objectOf(plan, sees), layout);
        const [base, ours, theirs] = [
          side(() => false),
          side((by) => by === "ours"),
          side((by) => by === "theirs"),
        ];
        const file = conflictOf("data.yaml", base, ours, theirs);
        const settled = yamlDriver.merge(file)?.settlements ?? null;
        if (settled !== null) expect(assemble(file, settled)).toBe(merged(base, ours, theirs));
      }),
      { numRuns: 25 },
    );
  });

  it("knows its files", () => {
    expect(yamlDriver.matches("a/.github/workflows/ci.yml")).toBe(true);
    expect(yamlDriver.matches("pnpm-lock.yaml")).toBe(false);
    expect(yamlDriver.matches("a.json")).toBe(false);
  });
});
