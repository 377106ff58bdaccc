import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { sameLines } from "../../src/core/same-lines.ts";

describe("sameLines", () => {
  it.each([
    ["a  =\tb\n", "a = b\n"],
    ["a\r\nb\r\n", "a\nb"],
    ["a \n\n\nb\t\n", "a\nb\n"],
    ["", "\n \n"],
  ])("takes %j and %j for the same", (one, other) => {
    expect(sameLines(one, other)).toBe(true);
  });

  it.each([
    ["  a\n", "    a\n"],
    ["a b\n", "ab\n"],
    ["a\nb\n", "b\na\n"],
    ["a\nb\n", "a b\n"],
    ["a\n", ""],
  ])("tells %j from %j", (one, other) => {
    expect(sameLines(one, other)).toBe(false);
  });

  it("says the same in both directions, and of a text and itself", () => {
    const text = fc.string({ unit: fc.constantFrom("a", " ", "\t", "\r", "\n"), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (one, other) => {
        expect(sameLines(one, one)).toBe(true);
        expect(sameLines(one, other)).toBe(sameLines(other, one));
      }),
    );
  });
});
