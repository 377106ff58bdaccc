import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { countErrors, readJsonLine } from "../../src/syntax/json.ts";

describe("counting the errors of a JSON text", () => {
  it("finds none in JSON and JSONC, and some in anything else", () => {
    for (const text of [
      '{"a": [1, 2.5e3, null]}',
      '// c\n{ "a": 1, /* d */ }',
      "[1,]",
      '\uFEFF{"a": 1}',
      '"x"',
    ]) {
      expect(countErrors(text)).toBe(0);
    }
    for (const text of [
      "",
      "{",
      '{"a" 1}',
      "{'a': 1}",
      '{"a": 1}}',
      "<<<<<<< ours",
      "NaN",
      "[".repeat(200_000),
    ]) {
      expect(countErrors(text)).toBeGreaterThan(0);
    }
  });

  it("agrees with JSON.parse wherever that succeeds", () => {
    fc.assert(fc.property(fc.json(), (text) => countErrors(text) === 0));
  });
});

describe("reading one line of JSON", () => {
  it.each([
    ['  "a/b": "c",', { kind: "leaf", key: "a/b", value: '"c"', comma: true, tail: "" }],
    [
      '"a": [1, {"b": 2}] // why',
      { kind: "leaf", key: "a", value: '[1, {"b": 2}]', comma: false, tail: " // why" },
    ],
    ['\t"a" : {', { kind: "open", key: "a", value: "{" }],
    ["[", { kind: "open", key: null, value: "[" }],
    ["},  ", { kind: "close", key: null, value: "}", comma: true, tail: "  " }],
    ["-1.5e3,", { kind: "leaf", key: null, value: "-1.5e3" }],
    ['"\\u0061": 1', { kind: "leaf", key: "a", value: "1" }],
    ["  // only a comment", { kind: "trivia", body: "  // only a comment" }],
    ["", { kind: "trivia" }],
  ])("reads %j", (line, read) => {
    expect(readJsonLine(line)).toMatchObject(read);
  });

  it.each([
    '"a": 1, "b": 2',
    '"a":',
    "}, {",
    "{ ,",
    '"a": }',
    '"a": 1 \u0000',
    '"a',
    "/* open",
    '"a": {} {',
    ": 1",
    ",",
    '"a": [1 2]',
    '/* c */ "a": 1',
    "=======",
    "yes",
  ])("reads no single thing in %j", (line) => {
    expect(readJsonLine(line)).toBeNull();
  });

  it("loses no character", () => {
    const lines = fc.stringMatching(
      /^\s{0,3}("[a-z]{0,3}"\s?:\s?)?("x"|\d|\{|\}|\[1, 2\])\s?,?\s?(\/\/ .{0,4})?$/,
    );
    fc.assert(
      fc.property(lines, (line) => {
        const read = readJsonLine(line);
        if (read !== null) expect(read.body + (read.comma ? "," : "") + read.tail).toBe(line);
      }),
    );
  });
});
