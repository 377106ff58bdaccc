import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { countErrors } from "../../src/syntax/yaml.ts";

describe("counting the errors of a YAML text", () => {
  it("finds none in one document or several, and some in broken ones", () => {
    for (const text of ["", "a: 1\nb: [x, y]\n", "--- 1\n--- 2\n", "a: &x 1\nb: *x\n", "a: |\n  text\r\n"]) {
      expect(countErrors(text)).toBe(0);
    }
    for (const text of ["a: [1\n", "a: 1\n b: 2\n", "<<<<<<< ours\na: 1\n=======\n", "a: 1\na: 2\n", '"x']) {
      expect(countErrors(text)).toBeGreaterThan(0);
    }
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void countErrors(text)));
  });
});
