import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { equalJsonFragment } from "../../../src/merge/json/equal.ts";

const context = { before: '{\n  "a": {\n', after: "  }\n}\n" };
const equal = (one: string, other: string): boolean => equalJsonFragment(one, other, context);

describe("the equality of two settlements of a JSON hunk", () => {
  it("does not look at order of names, commas, blank lines, comments and indentation", () => {
    expect(equal('"x": 1,\n"y": [1, 2]\n', '\n  "y": [1,2], // two\n  "x": 1,\n')).toBe(true);
    expect(equal('"x": {\n"p": 1,\n"q": 2\n}\n', '"x": {\n"q": 2,\n"p": 1\n}\n')).toBe(true);
  });

  it("fails for a name lost, added, changed or moved to another block, and for elements in another order", () => {
    const text = '"x": "1",\n"y": "2"\n';
    for (const other of [
      '"x": "1"\n',
      `${text}"z": 3\n`,
      '"x": "1",\n"y": "3"\n',
      '"x": "1"\n},\n"b": {\n"y": "2"\n',
      '"x": 1,\n"y": "2"\n',
    ]) {
      expect(equal(text, other)).toBe(false);
    }
    expect(equal('"x": [\n1,\n2\n]\n', '"x": [\n2,\n1\n]\n')).toBe(false);
    expect(equal('"x": {\n', '"x": [\n')).toBe(false);
    expect(equal("},\n", "")).toBe(false);
  });

  it("compares what is no JSON, or has a name twice, as text", () => {
    expect(equal("<<<\n", "<<<\n")).toBe(true);
    expect(equal('"x": 1,\n"x": 1\n', '"x": 1\n')).toBe(false);
  });

  it("holds for a text and itself, and for two objects exactly if they are equal", () => {
    const objects = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(1, "1", null));
    const text = (value: object): string =>
      JSON.stringify(value, null, 2).split("\n").slice(1, -1).join("\n");
    fc.assert(
      fc.property(objects, objects, (one, other) => {
        const same =
          JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
        expect(equal(text(one), text(other))).toBe(same);
      }),
    );
  });
});
