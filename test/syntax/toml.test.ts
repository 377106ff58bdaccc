import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { countErrors } from "../../src/syntax/toml.ts";

describe("counting the errors of a TOML text", () => {
  it("finds none in TOML, and one in what is none", () => {
    for (const text of ["", 'a = 1\n[b]\nc = ["x",\n "y"]\n', "big = 9223372036854775807\r\n"]) {
      expect(countErrors(text)).toBe(0);
    }
    for (const text of ["a = \n", "a = 1\na = 2\n", "[a\n", "<<<<<<< ours\n"])
      expect(countErrors(text)).toBe(1);
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.string(), (text) => void countErrors(text)));
  });
});
