import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { goModDriver } from "../../../src/merge/go/drivers.ts";
import { goModTier } from "../../../src/merge/go/tier.ts";
import { compareGoVersions } from "../../../src/merge/go/version.ts";
import { fileOf, settleWith, type Given } from "../support.ts";
import { assemble, conflictOf } from "../json/git.ts";

const head = "module example.com/m\n\ngo 1.21\n\n";
const block = (...lines: string[]): string => `require (\n${lines.map((line) => `\t${line}\n`).join("")})\n`;

/** The whole merge as one hunk: what the driver makes of three files without git. */
function merged(base: string, ours: string, theirs: string): string | null {
  const file = fileOf("go.mod", [{ kind: "hunk", base, ours, theirs }]);
  return goModDriver.merge(file)?.settlements[0]?.text ?? null;
}

describe("which Go version is higher", () => {
  it("orders releases, pre-releases, commits by their time, go directives and toolchains", () => {
    const rising = [
      ["v1.9.0", "v1.10.0"],
      ["v0.0.0-20250914183048-a974e0d45e0a", "v0.0.0-20251017144237-0358c1671404"],
      ["v1.2.4-0.20250914183048-a974e0d45e0a", "v1.2.4"],
      ["v2.0.0+incompatible", "v3.0.0+incompatible"],
      ["1.9", "1.21"],
      ["1.21", "1.21.0"],
      ["1.21rc2", "1.21.0"],
      ["go1.21.3", "go1.22.0"],
    ] as const;
    for (const [lower, higher] of rising) {
      expect([lower, compareGoVersions(lower, higher)]).toEqual([lower, -1]);
      expect([lower, compareGoVersions(higher, lower)]).toEqual([lower, 1]);
    }
  });

  it("does not guess: two commits of one second, words, and one version twice are equal", () => {
    expect(
      compareGoVersions("v0.0.0-20250914183048-a974e0d45e0a", "v0.0.0-20250914183048-0358c1671404"),
    ).toBe(0);
    expect(compareGoVersions("latest", "v1.0.0")).toBe(0);
    expect(compareGoVersions("v2.0.0+incompatible", "v2.0.0")).toBe(0);
  });
});

describe("merging two go.mod files", () => {
  const old = head + block("a.io/a v1.0.0", "b.io/b v1.0.0", "d.io/d v1.0.0 // indirect");

  it("takes the higher version, keeps each side's additions and removals, sorted as the block was", () => {
    const ours = head + block("a.io/a v1.2.0", "b.io/b v1.0.0", "c.io/c v0.1.0", "d.io/d v1.0.0 // indirect");
    const theirs =
      head.replace("1.21", "1.22") + block("a.io/a v1.10.0", "b.io/bb v0.2.0", "d.io/d v1.0.0 // indirect");
    expect(merged(old, ours, theirs)).toBe(
      head.replace("1.21", "1.22") +
        block("a.io/a v1.10.0", "b.io/bb v0.2.0", "c.io/c v0.1.0", "d.io/d v1.0.0 // indirect"),
    );
  });

  it("leaves to a person what nobody can tell", () => {
    const side = (...lines: string[]): string => head + block(...lines, "d.io/d v1.0.0 // indirect");
    // Removed and raised; raised and lowered; two forks; one version with two notes.
    expect(merged(old, side("a.io/a v1.0.0"), side("a.io/a v1.0.0", "b.io/b v1.1.0"))).toBeNull();
    expect(
      merged(old, side("a.io/a v0.9.0", "b.io/b v1.0.0"), side("a.io/a v1.1.0", "b.io/b v1.0.0")),
    ).toBeNull();
    expect(merged(head, `${head}replace a.io/a => ../a\n`, `${head}replace a.io/a => ../b\n`)).toBeNull();
    expect(
      merged(head, `${head}require a.io/a v1.0.0 // x\n`, `${head}require a.io/a v1.0.0 // y\n`),
    ).toBeNull();
    expect(merged(head, `${head}frobnicate a\n`, `${head}require a.io/a v1.0.0\n`)).toBeNull();
  });

  it("never requires one module twice, in whichever blocks the sides put it", () => {
    const two = (...lines: string[]): string => `${old}\n${block(...lines)}`;
    expect(
      merged(
        two("x.io/x v1.0.0"),
        two("x.io/x v1.0.0", "y.io/y v1.0.0"),
        `${old.replace("a.io/a v1.0.0", "a.io/a v1.0.0\n\ty.io/y v1.1.0")}\n${block("x.io/x v1.0.0")}`,
      ),
    ).toBeNull();
  });

  it("keeps notes, comments, replacements, exclusions and retractions of both sides", () => {
    const rest = "\nexclude a.io/a v0.5.0\n\nretract v1.0.1 // broken\n";
    const ours = `${old.replace("d.io/d v1.0.0 // indirect", "d.io/d v1.0.0")}\nreplace a.io/a => ../a\n`;
    const theirs = old.replace("\tb.io/b v1.0.0", "\t// pinned\n\tb.io/b v1.0.0") + rest;
    const text = merged(old, ours, theirs) ?? "";
    for (const line of [
      "\td.io/d v1.0.0\n",
      "replace a.io/a => ../a\n",
      "\t// pinned\n\tb.io/b v1.0.0\n",
      ...rest.split(/(?<=\n)/),
    ]) {
      expect(text).toContain(line);
    }
  });

  it("holds exactly both sides' changes where no module is changed by both; else abstains or takes one of the two", () => {
    const versions = fc.option(fc.constantFrom("v1.0.0", "v1.1.0", "v1.10.0", "v2.0.0+incompatible"));
    const plans = fc.dictionary(
      fc.constantFrom("a.io/a", "b.io/b", "c.io/c", "d.io/d", "e.io/e/v2", "f.io/f"),
      fc.tuple(versions, versions, versions, fc.boolean()),
      { maxKeys: 5 },
    );
    let settled = 0;
    fc.assert(
      fc.property(plans, (plan) => {
        const print = (index: 0 | 1 | 2): string =>
          head +
          block(
            ...Object.entries(plan).flatMap(([path, all]) => {
              const version = all[index];
              return typeof version === "string" ? [`${path} ${version}${all[3] ? " // indirect" : ""}`] : [];
            }),
          );
        const text = merged(print(0), print(1), print(2));
        if (text === null) {
          const isClear = Object.values(plan).every(
            ([base, ours, theirs]) => ours === base || theirs === base || ours === theirs,
          );
          expect(isClear).toBe(false);
          return;
        }
        settled++;
        for (const [path, [base, ours, theirs]] of Object.entries(plan)) {
          const now = text
            .split("\n")
            .flatMap((line) => (line.trim().startsWith(`${path} `) ? [line.trim().split(" ")[1] ?? ""] : []));
          if (ours === theirs || theirs === base) expect(now).toEqual(ours === null ? [] : [ours]);
          else if (ours === base) expect(now).toEqual(theirs === null ? [] : [theirs]);
          else expect(now.length === 1 && (now[0] === ours || now[0] === theirs)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
    expect(settled).toBeGreaterThan(20);
  });

  it("never throws, and is the other side where one changed nothing", () => {
    const pieces = fc.constantFrom(
      ...[
        "require (\n",
        ")\n",
        "\ta.io/a v1.0.0\n",
        "go 1.21\n",
        "// c\n",
        "\n",
        "require b.io/b v1\r\n",
        "replace a => b\n",
        "\uFEFF",
        '"',
        "(",
      ],
    );
    const texts = fc.array(pieces, { maxLength: 8 }).map((list) => list.join(""));
    fc.assert(
      fc.property(texts, texts, texts, (base, ours, theirs) => {
        merged(base, ours, theirs);
        const same = merged(base, base, theirs);
        if (same !== null && base !== "") expect(same).toBe(theirs);
      }),
      { numRuns: 1000 },
    );
  });

  it("answers for every hunk that git made, with Windows line endings too", () => {
    const windows = (text: string): string => text.replaceAll("\n", "\r\n");
    const ours = old.replace("a v1.0.0", "a v1.1.0");
    const theirs = old.replace("a v1.0.0", "a v1.3.0").replace("go 1.21", "go 1.21.1");
    const file = conflictOf("go.mod", windows(old), windows(ours), windows(theirs));
    const driven = goModDriver.merge(file);
    expect(assemble(file, driven?.settlements ?? [])).toBe(windows(theirs));
    expect(driven?.settlements.map((settlement) => settlement?.class)).toEqual(["go-mod/higher-version"]);
  });
});

describe("one hunk of go.mod", () => {
  const answer = (given: Partial<Given> & Pick<Given, "ours" | "theirs">) => {
    const settled = settleWith(goModTier, { path: "go.mod", before: "require (\n", after: ")\n", ...given });
    return settled && [settled.class, settled.text];
  };

  it("is merged by module", () => {
    const [base, ours, theirs] = ["\ta.io/a v1.0.0\n", "\ta.io/a v1.2.0\n", "\ta.io/a v1.1.0\n"];
    expect(answer({ base, ours, theirs })).toEqual(["go-mod/higher-version", "\ta.io/a v1.2.0\n"]);
    const added = { ours: "\tb.io/b v1.0.0\n", theirs: "\ta.io/a v1.0.0\n", before: "", after: "" };
    expect(answer(added)).toEqual(["go-mod/added-entries", "\ta.io/a v1.0.0\n\tb.io/b v1.0.0\n"]);
    const go = { base: "go 1.20\n", ours: "go 1.21\n", theirs: "go 1.22\n", before: "module m\n", after: "" };
    expect(answer(go)).toEqual(["go-mod/higher-version", "go 1.22\n"]);
  });

  it("stays open where a bracket is in it, or where the module stands beside it too", () => {
    const theirs = "\tb.io/b v1.0.0\n";
    expect(answer({ ours: "\ta.io/a v1.0.0\n)\nrequire (\n", theirs })).toBeNull();
    expect(answer({ ours: "\ta.io/a v1.0.0\n", theirs, before: "require (\n\ta.io/a v1.1.0\n" })).toBeNull();
  });
});
