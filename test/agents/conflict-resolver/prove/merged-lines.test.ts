import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { mergedLines } from "../../../../src/agents/conflict-resolver/prove/merged-lines.ts";

const hunk = { kind: "hunk", base: "", ours: "", theirs: "" } as const;
const clean = (text: string) => ({ kind: "clean", text }) as const;

describe("mergedLines", () => {
  it("finds each hunk's lines, and none where it was settled with nothing", () => {
    const segments = [clean("a\nb\n"), hunk, clean("c\n"), hunk, clean("d")];
    expect(mergedLines({ segments }, ["one\ntwo\n", ""])).toEqual([
      { first: 3, last: 4 },
      { first: 6, last: 5 },
    ]);
  });

  it("agrees with the merged text", () => {
    const text = fc
      .array(fc.constantFrom("x\n", "y\n", "\n"), { maxLength: 4 })
      .map((lines) => lines.join(""));
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), (parts) => {
        const segments = parts.flatMap(([before]) => [clean(before), hunk]);
        const texts = parts.map(([, own]) => own);
        const merged = parts
          .map(([before, own]) => before + own)
          .join("")
          .split("\n");
        for (const [at, { first, last }] of mergedLines({ segments }, texts).entries())
          expect(
            merged
              .slice(first - 1, last)
              .map((line) => `${line}\n`)
              .join(""),
          ).toBe(texts[at]);
      }),
    );
  });
});
