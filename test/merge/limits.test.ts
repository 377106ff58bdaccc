// What is too large for rules: it stays open with that reason, and no rule is asked.
import { describe, expect, it } from "@jest/globals";
import type { Segment, Settlement } from "../../src/core/conflict.ts";
import { climb } from "../../src/merge/ladder.ts";
import { longestLine, mostCharacters, mostHunks, mostLines, tooLargeWhy } from "../../src/merge/limits.ts";
import { syntaxOf } from "../../src/syntax/index.ts";
import { fileOf, hunkOf } from "./support.ts";

const settlement: Settlement = { tier: "semantic", class: "test", text: "x\n", why: "settled" };
const ladder = { drivers: [], tiers: [{ name: "any", settle: () => settlement }] };
const clean = (text: string): Segment => ({ kind: "clean", text });
const small = hunkOf({ base: "b\n", ours: "o\n", theirs: "t\n" });
const whys = (segments: readonly Segment[]) =>
  climb(fileOf("a.txt", segments), ladder).hunks.map(({ why }) => why);

describe("climb", () => {
  it.each([
    ["a line too long", `${"x".repeat(longestLine)}\n`],
    ["too many lines", "x\n".repeat(mostLines + 1)],
    ["too much text", `${"x".repeat(99)}\n`.repeat(mostCharacters / 100 + 1)],
  ])("leaves a hunk with %s on any side open, and settles its neighbours", (_, large) => {
    for (const side of ["base", "ours", "theirs"] as const) {
      const hunk = { ...small, [side]: large };
      expect(whys([small, clean("c\n"), hunk, clean("c\n"), small])).toEqual([
        "settled",
        tooLargeWhy,
        "settled",
      ]);
    }
  });

  it("settles a hunk right at the limits", () => {
    const lines = `${"x".repeat(longestLine - 1)}\n`.repeat(mostCharacters / longestLine);
    expect(whys([{ ...small, ours: lines }])).toEqual(["settled"]);
    expect(whys([{ ...small, theirs: "x\n".repeat(mostLines) }])).toEqual(["settled"]);
  });

  it("leaves a hunk open beside a line too long, which every rule would read", () => {
    expect(whys([clean(`${"x".repeat(longestLine)}\n`), small])).toEqual([tooLargeWhy]);
    expect(whys([small, clean(`${"x".repeat(longestLine)}\n`)])).toEqual([tooLargeWhy]);
  });

  it("leaves every hunk of a file with too many open", () => {
    const hunks = (count: number) => Array.from({ length: count }, () => [small, clean("c\n")]).flat();
    expect(new Set(whys(hunks(mostHunks)))).toEqual(new Set(["settled"]));
    expect(new Set(whys(hunks(mostHunks + 1)))).toEqual(new Set([tooLargeWhy]));
  });

  it("shows a driver no file of more than 2 million characters", () => {
    const asked: number[] = [];
    const driver = {
      name: "driver",
      matches: () => true,
      merge: ({ ours }: { ours: string }) => {
        asked.push(ours.length);
        return null;
      },
    };
    const line = `${"x".repeat(99)}\n`;
    for (const count of [6_000, 7_000]) {
      const file = fileOf("a.txt", [clean(line.repeat(count)), small]);
      climb(file, { drivers: [driver], tiers: [] });
    }
    expect(asked).toEqual([600_002]);
  });

  it("takes a rule that throws for one that has no answer", () => {
    const fails = (): never => {
      throw new RangeError("Maximum call stack size exceeded");
    };
    const drivers = [{ name: "driver", matches: () => true, merge: fails }];
    const tiers = [{ name: "throws", settle: fails }, ...ladder.tiers];
    const { hunks } = climb(fileOf("a.txt", [small]), { drivers, tiers });
    expect(hunks.map(({ why }) => why)).toEqual(["settled"]);
  });
});

describe("syntaxOf", () => {
  it.each([
    ["a.json", "{".repeat(2_000_001)],
    ["a.toml", "= ".repeat(1_000_001)],
    ["a.yml", "a: b: c\n".repeat(125_001)],
    ["a.ts", "(".repeat(2_000_001)],
  ])("knows nothing against a text too long to parse: %s", async (path, text) => {
    expect(await syntaxOf(path)?.countErrors(text)).toBe(0);
  });
});
