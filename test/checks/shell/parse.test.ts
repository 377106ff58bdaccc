import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { parseShell } from "../../../src/checks/shell/parse.ts";
import { pathArgument, quoteWord, rewrite } from "../../../src/checks/shell/quote.ts";

const texts = (line: string) =>
  parseShell(line)?.map(({ assignments, words, operator }) => [
    ...assignments.map(({ raw }) => raw),
    ...words.map(({ text }) => text),
    operator,
  ]);

describe("parseShell", () => {
  test("splits lists and pipelines into simple commands", () => {
    expect(texts("npm run build && jest --ci; a | b || c & d")).toEqual([
      ["npm", "run", "build", "&&"],
      ["jest", "--ci", ";"],
      ["a", "|"],
      ["b", "||"],
      ["c", "&"],
      ["d", ""],
    ]);
  });

  test("reads quotes, escapes and assignments as a shell does", () => {
    expect(texts(`A='b c' D=e mocha "x y" z\\ z 'q"'"'"`)).toEqual([
      ["A='b c'", "D=e", "mocha", "x y", "z z", `q"'`, ""],
    ]);
  });

  test("says of a word with a variable that it is not known", () => {
    expect(texts("jest $FILES \"${A:-b}\" '$C' 5$")).toEqual([["jest", null, null, "$C", "5$", ""]]);
  });

  test("tells redirections from words", () => {
    const [command] = parseShell("tape test.js 2>&1 > out.txt") ?? [];
    expect(command?.words.map(({ text }) => text)).toEqual(["tape", "test.js"]);
    expect(command?.redirected).toBe(true);
  });

  test.each([
    "(cd a && jest)",
    "for f in *; do node $f; done",
    "node $(ls)",
    "node `ls`",
    "{ jest; }",
    "if true; then jest; fi",
    "cat <<E\nx\nE",
    "jest # all",
    "echo 'open",
    'echo "open',
    "jest &&",
    "&& jest",
    "",
    "diff <(a) <(b)",
    "a\nb",
    "f() { jest; }",
  ])("does not claim to understand %j", (line) => {
    expect(parseShell(line)).toBeNull();
  });

  test("never throws, and places words where they stand", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...Array.from("ab \t'\"\\$&|;<>(){}#=-*\n")) }),
        (line) => {
          for (const { words } of parseShell(line) ?? []) {
            for (const word of words) expect(line.slice(word.start, word.end)).toBe(word.raw);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test("reads the words that sh reads", () => {
    const piece = fc.constantFrom(
      "a",
      "b c",
      "'d e'",
      '"f g"',
      "\\ h",
      "''",
      "=",
      "-x",
      "'\\'",
      '"\\""',
      '"\\a"',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 6 }), (pieces) => {
        const line = pieces.join("");
        const said = execFileSync("sh", ["-c", `printf '%s\\n' x ${line}`], { encoding: "utf8" });
        const [command] = parseShell(`printf '%s\\n' x ${line}`) ?? [];
        expect(command?.words.slice(2).map(({ text }) => text)).toEqual(said.split("\n").slice(0, -1));
      }),
      { numRuns: 60 },
    );
  });
});

describe("quoting", () => {
  test("a shell reads back every text", () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes("\0")),
        (text) => {
          const said = execFileSync("sh", ["-c", `printf %s ${quoteWord(text)}`], { encoding: "utf8" });
          expect(said).toBe(Buffer.from(text).toString());
        },
      ),
      { numRuns: 60 },
    );
  });

  test("a path is never an option", () => {
    expect(pathArgument("--rf")).toBe("./--rf");
    expect(pathArgument("a/b.js")).toBe("a/b.js");
  });

  test("parts are replaced in place", () => {
    expect(
      rewrite("abcdef", [
        { start: 4, end: 5, text: "X" },
        { start: 1, end: 2, text: "" },
        { start: 6, end: 6, text: "!" },
      ]),
    ).toBe("acdXf!");
  });
});
