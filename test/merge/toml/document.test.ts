import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { parse } from "smol-toml";
import { mergeTomlDocument } from "../../../src/merge/toml/document.ts";
import { tomlDriver } from "../../../src/merge/toml/drivers.ts";
import { fileOf } from "../support.ts";
import { assemble, conflictOf } from "../json/git.ts";

const merged = (base: string | null, ours: string, theirs: string): string | null =>
  mergeTomlDocument({ base, ours, theirs }, "cargo")?.text ?? null;

/** What each side makes of one key: `undefined` is that it is not there. */
interface Plan {
  readonly comment: boolean;
  readonly base: string | undefined;
  readonly ours: string | undefined;
  readonly theirs: string | undefined;
}
type Side = "base" | "ours" | "theirs";

const values = fc.oneof(
  fc.constantFrom(
    "true",
    "7",
    "1.5",
    "1979-05-27 07:32:00",
    '"a # b"',
    "'c:\\d'",
    '"""\nx = 1\n[y]\n"""',
    "[1, 2]",
  ),
  fc.constantFrom(
    '{ path = "../x" }',
    '{ git = "g", features = [\n  "q", # why\n] }',
    '[\n  "a",\n\n  "b"\n]',
    "[]",
  ),
  fc.stringMatching(/^[a-z "\\]{0,6}$/).map((text) => JSON.stringify(text)),
);
/** At most one side changes the key. */
const oneSided: fc.Arbitrary<Plan> = fc
  .record({
    comment: fc.boolean(),
    old: fc.option(values),
    next: fc.option(values),
    by: fc.constantFrom("ours", "theirs", "none"),
  })
  .map(({ comment, old, next, by }) => {
    const base = old ?? undefined;
    const changed = next ?? undefined;
    return { comment, base, ours: by === "ours" ? changed : base, theirs: by === "theirs" ? changed : base };
  });
/** Now and then both sides change it. */
const anySided: fc.Arbitrary<Plan> = fc.oneof(
  { weight: 9, arbitrary: oneSided },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.boolean(), fc.option(values), fc.option(values), fc.option(values))
      .map(([comment, base, ours, theirs]) => ({
        comment,
        base: base ?? undefined,
        ours: ours ?? undefined,
        theirs: theirs ?? undefined,
      })),
  },
);

const tables = ["", "package", "dependencies", "target.'cfg(windows)'.dependencies", "profile.release"];
const names = fc.constantFrom("name", "a-b", '"quoted key"', "serde", "x.y", "tokio");
const documents = (plan: fc.Arbitrary<Plan>) =>
  fc.array(fc.dictionary(names, plan, { maxKeys: 4 }), {
    minLength: tables.length,
    maxLength: tables.length,
  });
type Document = readonly Readonly<Record<string, Plan>>[];

function print(document: Document, side: Side): string {
  const sections = document.map((plans, index) => {
    const lines = Object.entries(plans).flatMap(([name, plan]) => {
      const value = plan[side];
      if (value === undefined) return [];
      return [...(plan.comment ? [`# about ${tables[index]} ${name}`] : []), `${name} = ${value}`];
    });
    return [...(tables[index] === "" ? [] : [`[${tables[index]}]`]), ...lines, ""].join("\n");
  });
  return sections.join("\n");
}

/** What a document must say when no key was changed by both: each key as the side has it that changed it. */
function expected(document: Document): string {
  const pick = ({ base, ours, theirs }: Plan): string | undefined => (ours === base ? theirs : ours);
  const plans = document.map((table) =>
    Object.fromEntries(
      Object.entries(table).map(([name, plan]) => [name, { ...plan, base: pick(plan) }] as const),
    ),
  );
  return print(plans, "base");
}

/** Values as text: dates and big numbers compare by what they print. */
const meaning = (text: string): unknown =>
  JSON.parse(
    JSON.stringify(parse(text, { integersAsBigInt: true }), (_, value: unknown) =>
      typeof value === "bigint" ? `${value}n` : value,
    ),
  );

describe("merging two whole TOML files", () => {
  it("holds exactly both sides' changes where no key is changed by both, every line as a side wrote it", () => {
    fc.assert(
      fc.property(documents(oneSided), fc.constantFrom("\n", "\r\n"), (document, eol) => {
        const [base, ours, theirs] = (["base", "ours", "theirs"] as const).map((side) =>
          print(document, side).replaceAll("\n", eol),
        );
        const text = merged(base ?? "", ours ?? "", theirs ?? "");
        // Both may not have put new names in the place of old ones: nobody knows which is which.
        if (text === null) {
          expect(replacedTwice(document)).toBe(true);
          return;
        }
        expect(meaning(text)).toEqual(meaning(expected(document).replaceAll("\n", eol)));
        const lines = new Set(`${ours}${eol}${theirs}`.split(eol));
        expect(text.split(eol).filter((line) => !lines.has(line))).toEqual([]);
        const comments = (whole: string): string[] =>
          whole
            .split(/\r?\n/)
            .filter((line) => line.startsWith("# about"))
            .sort();
        expect(comments(text)).toEqual(comments(expected(document)));
      }),
      { numRuns: 200 },
    );
  });

  it("abstains, or gives each key a value that the three sides allow, where both change what they like", () => {
    let settled = 0;
    fc.assert(
      fc.property(documents(anySided), (document) => {
        const [base, ours, theirs] = (["base", "ours", "theirs"] as const).map((side) =>
          print(document, side),
        );
        const text = merged(base ?? "", ours ?? "", theirs ?? "");
        if (text === null) return;
        settled++;
        for (const [index, table] of document.entries()) {
          for (const [name, plan] of Object.entries(table)) {
            const now = valueAt(text, index, name);
            if (plan.ours === plan.theirs || plan.theirs === plan.base)
              expect(now).toEqual(valueOf(plan.ours));
            else if (plan.ours === plan.base) expect(now).toEqual(valueOf(plan.theirs));
            else expect(plan.ours !== undefined && plan.theirs !== undefined && now !== undefined).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(settled).toBeGreaterThan(5);
  });

  it("is the other side where one side changed nothing", () => {
    fc.assert(
      fc.property(documents(anySided), (document) => {
        const [base, side] = [print(document, "base"), print(document, "ours")];
        for (const text of [merged(base, side, base), merged(base, base, side), merged(base, side, side)]) {
          expect(text).toBe(side);
        }
      }),
    );
  });

  it("never throws, and answers nothing that does not parse", () => {
    const pieces = fc.constantFrom(
      ...[
        "a = 1\n",
        "b = [\n",
        "]\n",
        '"x",\n',
        "[t]\n",
        "[[u]]\n",
        "# c\n",
        "\n",
        '"""\n',
        "a.b = {}\n",
        "}",
        "\r\n",
        "\uFEFF",
        "= 3\n",
        "\0",
      ],
    );
    const texts = fc.array(pieces, { maxLength: 8 }).map((list) => list.join(""));
    fc.assert(
      fc.property(texts, texts, texts, fc.boolean(), (base, ours, theirs, isNew) => {
        const text = merged(isNew ? null : base, ours, theirs);
        if (text !== null) expect(() => parse(text)).not.toThrow();
      }),
      { numRuns: 2000 },
    );
  });
});

const keys = (table: Readonly<Record<string, Plan>>, side: Side): string[] =>
  Object.entries(table).flatMap(([name, plan]) => (plan[side] === undefined ? [] : [name]));

/** Whether, somewhere, a name is gone and each side has a new one: what the merge calls a rename by both. */
function replacedTwice(document: Document): boolean {
  return document.some((table) => {
    const [base, ours, theirs] = [keys(table, "base"), keys(table, "ours"), keys(table, "theirs")];
    const fresh = (side: string[], rival: string[]) =>
      side.some((name) => !base.includes(name) && !rival.includes(name));
    return (
      base.some((name) => !ours.includes(name) && !theirs.includes(name)) &&
      fresh(ours, theirs) &&
      fresh(theirs, ours)
    );
  });
}

function valueOf(raw: string | undefined): unknown {
  return raw === undefined ? undefined : (meaning(`_ = ${raw}`) as { _: unknown })._;
}

function valueAt(text: string, index: number, name: string): unknown {
  const header = tables[index] === "" ? [] : parse(`[${tables[index]}]\n_ = 1`);
  const path = [...pathOf(header), ...pathOf(parse(`${name} = 1`))].filter((part) => part !== "_");
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    meaning(text),
  );
}

function pathOf(value: unknown): string[] {
  const path: string[] = [];
  for (let at = value; typeof at === "object" && at !== null;) {
    const [key] = Object.keys(at);
    if (key === undefined) break;
    path.push(key);
    at = (at as Record<string, unknown>)[key];
  }
  return path;
}

describe("one TOML file, case by case", () => {
  const base =
    '[package]\nname = "x"\nversion = "0.1.0"\n\n[dependencies]\n# parsing\nserde = "1.0"\nlog = { version = "0.4", features = ["std"] }\n';
  const change = (...pairs: readonly (readonly [string, string])[]): string =>
    pairs.reduce((text, [from, to]) => text.replace(from, () => to), base);

  it("takes the higher of two versions, and keeps what else changed on the same line", () => {
    const ours = change(['"0.4"', '"0.4.1"']);
    const theirs = change(['"0.4", features = ["std"]', '"0.4.2", features = ["std", "kv"]']);
    expect(merged(base, ours, theirs)).toBe(theirs);
    const more = change(['features = ["std"]', 'features = ["std", "kv"]']);
    expect(merged(base, ours, more)).toBe(
      change(['"0.4", features = ["std"]', '"0.4.1", features = ["std", "kv"]']),
    );
  });

  it("leaves to a person what both changed and no rule decides, and what one removed and the other changed", () => {
    expect(merged(base, change(['"x"', '"y"']), change(['"x"', '"z"']))).toBeNull();
    expect(
      merged(base, change(['serde = "1.0"\n', ""]), change(['serde = "1.0"', 'serde = "1.1"'])),
    ).toBeNull();
    expect(
      merged(base, change(['"1.0"', '"2.0"'], ["parsing", "one"]), change(["parsing", "two"])),
    ).toBeNull();
  });

  it("merges lists of names as ordered sets, line by line, comments and all", () => {
    const list = (...lines: string[]): string =>
      `[features]\ndefault = [\n${lines.map((line) => `  ${line}\n`).join("")}]\n`;
    const old = list('"a",', '"b",', '"c"');
    expect(merged(old, list('"a",', '"c"'), list('"a",', "# new", '"aa",', '"b",', '"c"'))).toBe(
      list('"a",', "# new", '"aa",', '"c"'),
    );
    expect(merged(old, list('"a",', '"b",', '"c",', '"d"'), list('"a",', '"b",', '"c",', '"e"'))).toBe(
      list('"a",', '"b",', '"c",', '"d",', '"e"'),
    );
    expect(
      mergeTomlDocument(
        { base: old, ours: list('"a",', '"c"'), theirs: list('"a",', '"b",', '"z"') },
        "toml",
      ),
    ).toBeNull();
  });

  it("knows Python requirements by their names", () => {
    const dev = (...items: string[]): string =>
      `[dependency-groups]\ndev = [\n${items.map((item) => `    "${item}",\n`).join("")}]\n`;
    const python = (old: string, ours: string, theirs: string): string | null =>
      mergeTomlDocument({ base: old, ours, theirs }, "pyproject")?.text ?? null;
    const old = dev("ruff==0.1.0", "pytest>=7", "mypy");
    expect(
      python(old, dev("ruff==0.2.0", "pytest>=7", "mypy"), dev("ruff==0.10.0", "pytest>=8", "mypy")),
    ).toBe(dev("ruff==0.10.0", "pytest>=8", "mypy"));
    expect(python(old, dev("ruff==0.2.0", "mypy"), dev("ruff==0.1.0", "pytest>=8", "mypy"))).toBeNull();
  });

  it("takes an array of tables from the side that touched it, and neither where both did", () => {
    const bins = (...names: string[]): string =>
      names.map((name) => `[[bin]]\nname = "${name}"\n`).join("\n");
    const head = '[package]\nversion = "1.0.0"\n\n';
    expect(
      merged(
        head + bins("a", "b", "c"),
        head + bins("a", "c", "d"),
        head.replace("1.0.0", "1.1.0") + bins("a", "b", "c"),
      ),
    ).toBe(head.replace("1.0.0", "1.1.0") + bins("a", "c", "d"));
    expect(merged(bins("a"), bins("a", "b"), bins("a", "c"))).toBeNull();
  });

  it("keeps the byte order mark, the line endings and a last line without one", () => {
    const windows = (text: string): string => `\uFEFF${text.replaceAll("\n", "\r\n")}`.replace(/\r\n$/, "");
    const [ours, theirs] = [change(['"1.0"', '"1.2"']), change(["0.1.0", "0.2.0"])];
    expect(merged(windows(base), windows(ours), windows(theirs))).toBe(
      windows(change(['"1.0"', '"1.2"'], ["0.1.0", "0.2.0"])),
    );
    expect(merged(base, `${base}x = 1\r\n`, change(['"1.0"', '"1.2"']))).toBeNull();
  });

  it("does not answer where a side is broken, says a name twice, or is both new and different", () => {
    const theirs = change(['"1.0"', '"1.2"']);
    for (const ours of [`${base}log = 1\n`, `${base}x = \n`, `${base}[package]\n`, `${base}x = """\n`]) {
      expect(merged(base, ours, theirs)).toBeNull();
    }
    expect(merged(null, 'a = "x"\n', 'a = "y"\n')).toBeNull();
    expect(merged(null, 'a = "x"\nb = 1\n', 'a = "x"\nc = 1\n')).toBe('a = "x"\nb = 1\nc = 1\n');
    expect(merged("# a\n", "# a\n# b\n", "# c\n# a\n")).toBeNull();
  });

  it("is quick with lines of 64 KB and lists that never end", () => {
    const long = `a = "${"x".repeat(65_536)}"\n`;
    expect(merged(long, `${long}b = 1\n`, `c = 1\n${long}`)).toContain("b = 1");
    const deep = `a = ${"[".repeat(65_536)}\n`;
    expect(merged(deep, `${deep}b = 1\n`, deep)).toBeNull();
    const wide = `a = [${'"x",'.repeat(16_384)}]\n`;
    expect(merged(wide, `${wide}b = 1\n`, `c = 1\n${wide}`)).toContain("b = 1");
  });
});

describe("the driver", () => {
  it("answers for every hunk of the file that git made, and leaves every other byte alone", () => {
    const base =
      '[package]\nname = "x"\nversion = "0.1.0"\n\n[dependencies]\na = "1.0"\nb = "1.0"\nc = "1.0"\n\n[features]\nf = []\n';
    const ours = base.replace('a = "1.0"', 'a = "1.1"').replace("f = []", "f = []\ng = []");
    const theirs = base.replace('b = "1.0"', 'b = "1.2"').replace("f = []", "f = []\nh = []");
    const file = conflictOf("Cargo.toml", base, ours, theirs);
    const driven = tomlDriver.merge(file);
    expect(assemble(file, driven?.settlements ?? [])).toBe(
      base
        .replace('a = "1.0"\nb = "1.0"', 'a = "1.1"\nb = "1.2"')
        .replace("f = []", "f = []\ng = []\nh = []"),
    );
    expect(driven?.settlements.map((settlement) => settlement?.class)).toEqual([
      "version-bump/one-side-each",
      "toml/add-different-keys/toml",
    ]);
  });

  it("has nothing to say about other files, nor where the sides disagree", () => {
    expect(tomlDriver.matches("a/pyproject.toml")).toBe(true);
    expect(tomlDriver.matches("Cargo.lock")).toBe(false);
    expect(
      tomlDriver.merge(
        fileOf("a.toml", [{ kind: "hunk", base: "a = 1\n", ours: "a = 2\n", theirs: "a = 3\n" }]),
      ),
    ).toBeNull();
  });
});
