// What of a model's answer becomes a file, and what is refused.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { applyBlocks } from "../../../../src/agents/test-fixer/answers/apply-blocks.ts";
import { readBlocks } from "../../../../src/agents/test-fixer/answers/read-blocks.ts";
import { readPlaceAnswer } from "../../../../src/agents/test-fixer/answers/read-function.ts";
import type { Place } from "../../../../src/agents/test-fixer/types.ts";
import { functionsIn } from "../../../../src/syntax/functions.ts";
import { fenced } from "../models.ts";

async function placeOf(path: string, text: string, name: string | null): Promise<Place> {
  const span =
    name === null ? null : ((await functionsIn(path, text)).find((one) => one.name === name) ?? null);
  return { path, text, span, why: "", score: 1 };
}

const parser = `import { trim } from "./trim.ts";

/** Reads. */
export class Parser {
  // Of one line.
  parse(line: string): string {
    return trim(line);
  }

  other(): number {
    return 1;
  }
}

export function after(): void {}
`;

const read = async (code: string, name = "Parser.parse", text = parser) =>
  readPlaceAnswer(fenced(code), await placeOf("src/parser.ts", text, name));

describe("the answer of one function", () => {
  const fixed = parser.replace("return trim(line);", "return trim(line).toLowerCase();");

  it.each([
    ["a method as it stands", "  parse(line: string): string {\n    return trim(line).toLowerCase();\n  }"],
    ["a method at the margin", "parse(line: string): string {\n  return trim(line).toLowerCase();\n}"],
    [
      "with the comment above it",
      "  // Of one line.\n  parse(line: string): string {\n    return trim(line).toLowerCase();\n  }",
    ],
    [
      "in its class",
      "export class Parser {\n  parse(line: string): string {\n    return trim(line).toLowerCase();\n  }\n}",
    ],
    ["in the whole file", fixed.trimEnd()],
  ])("may be %s", async (_, code) => {
    expect(await read(code)).toEqual({ kind: "text", after: fixed });
  });

  it("may stand under the file's own imports, and under no others", async () => {
    const text = 'import { a } from "./a.ts";\n\nexport function f(): number {\n  return a();\n}\n';
    const code = "export function f(): number {\n  return a() + 1;\n}";
    const after = text.replace("a();", "a() + 1;");
    expect(await read(`import { a } from "./a.ts";\n\n${code}`, "f", text)).toEqual({ kind: "text", after });
    const other = await read(`import { b } from "./b.ts";\n\n${code}`, "f", text);
    expect(other.kind).toBe("malformed");
  });

  it.each([
    ["another function", "function nothing() {}"],
    [
      "a function beside it",
      "  parse(line: string): string {\n    return trim(line);\n  }\n\n  more(): void {}",
    ],
    ["what does not parse", "  parse(line: string): string {\n    return trim(line;\n  }"],
    ["characters that cannot be seen", "  parse(line: string): string {\n    return trim(line\u202E);\n  }"],
    ["nothing", ""],
  ])("is not %s", async (_, code) => {
    expect((await read(code)).kind).toBe("malformed");
  });

  it("is one closed block, or a reason alone", async () => {
    const place = await placeOf("src/parser.ts", parser, "Parser.parse");
    const kind = async (answer: string) => (await readPlaceAnswer(answer, place)).kind;
    expect(await kind("```js\nparse(line: string): string {\n")).toBe("malformed");
    expect(await kind(`${fenced("a")}${fenced("b")}`)).toBe("malformed");
    expect(await kind(`${fenced("a")}GIVE_UP: no`)).toBe("malformed");
    expect(await readPlaceAnswer("It is fine.\nGIVE_UP: STALE it moved", place)).toEqual({
      kind: "give-up",
      why: "STALE it moved",
      isStale: true,
    });
    expect(await readPlaceAnswer("GIVE_UP: STALEMATE", place)).toMatchObject({ isStale: false });
  });

  it("keeps the indentation, line ends and missing last line end of the file", async () => {
    const python = "class A:\r\n\tdef f(self):\r\n\t\treturn 1";
    const place = await placeOf("a.py", python, "A.f");
    expect(await readPlaceAnswer(fenced("def f(self):\n\treturn 2"), place)).toEqual({
      kind: "text",
      after: python.replace("1", "2"),
    });
  });
});

describe("SEARCH/REPLACE blocks", () => {
  const block = (path: string, search: string, replace: string) =>
    `${path}\n<<<<<<< SEARCH\n${search}\n=======\n${replace}\n>>>>>>> REPLACE`;
  const text = "a\n  b\n  c\nd\nd\n";

  it("stand under a path, fenced or not", () => {
    const plain = readBlocks(`Because.\n\n${block("src/a.js", "x", "y")}\n${block("`src/b.js`", "x", "")}`);
    expect(plain).toEqual({
      kind: "blocks",
      blocks: [
        { path: "src/a.js", search: "x\n", replace: "y\n" },
        { path: "src/b.js", search: "x\n", replace: "\n" },
      ],
    });
    expect(
      readBlocks(`src/a.js\n\`\`\`js\n<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE\n\`\`\``).kind,
    ).toBe("blocks");
    expect(readBlocks("I cannot.").kind).toBe("none");
  });

  it.each([
    ["without a path", "<<<<<<< SEARCH\nx\n=======\ny\n>>>>>>> REPLACE"],
    ["not closed", "a.js\n<<<<<<< SEARCH\nx\n=======\ny"],
    ["without a middle", "a.js\n<<<<<<< SEARCH\nx\n>>>>>>> REPLACE"],
    ["of four files", ["a.js", "b.js", "c.js", "d.js"].map((path) => block(path, "x", "y")).join("\n")],
    ["with what cannot be seen", block("a.js", "x", "y\u200B")],
  ])("are refused %s", (_, answer) => {
    expect(readBlocks(answer).kind).toBe("malformed");
  });

  it("match once, as they are or moved by the same white space", () => {
    expect(applyBlocks("a", text, [{ search: "  b\n", replace: "  B\n" }])).toEqual({
      kind: "text",
      text: "a\n  B\n  c\nd\nd\n",
    });
    expect(applyBlocks("a", text, [{ search: "b\nc\n", replace: "b\n  x\nc\n" }])).toEqual({
      kind: "text",
      text: "a\n  b\n    x\n  c\nd\nd\n",
    });
    expect(applyBlocks("a", text, [{ search: "d\n", replace: "e\n" }])).toMatchObject({ kind: "refused" });
    expect(
      applyBlocks("a", "let some = value;\n", [{ search: "let some = valu;\n", replace: "" }]),
    ).toMatchObject({ why: expect.stringContaining("let some = value;") });
    expect(applyBlocks("a", text, [{ search: "\n", replace: "e\n" }])).toMatchObject({ kind: "refused" });
  });

  it("are each for one place where there are as many of them as places with the same lines", () => {
    const two = "function a() {\n  if (x) {\n    go();\n}\nfunction b() {\n  if (x) {\n    go();\n}\n";
    const block = { search: "  if (x) {\n", replace: "  if (x || y) {\n" };
    expect(applyBlocks("a", two, [block, block])).toEqual({
      kind: "text",
      text: two.replaceAll("if (x)", "if (x || y)"),
    });
    expect(applyBlocks("a", two, [{ ...block, replace: "  if (1) {\n" }, block])).toEqual({
      kind: "text",
      text: two.replace("if (x)", "if (1)").replace("if (x)", "if (x || y)"),
    });
    expect(applyBlocks("a", two, [block])).toMatchObject({ why: expect.stringContaining("more than once") });
    // Places that share lines cannot each be replaced.
    const shared = { search: "d\nd\n", replace: "e\n" };
    expect(applyBlocks("a", "d\nd\nd\n", [shared, shared])).toMatchObject({ kind: "refused" });
  });

  it("leave what is already as they want it", () => {
    const half = "let a = 2;\nlet b = 1;\n";
    const both = [
      { search: "let a = 1;\n", replace: "let a = 2;\n" },
      { search: "let b = 1;\n", replace: "let b = 2;\n" },
    ];
    expect(applyBlocks("a", half, both)).toEqual({ kind: "text", text: "let a = 2;\nlet b = 2;\n" });
    // A brace, or nothing at all, stands everywhere: that a block is done cannot be told from it.
    expect(applyBlocks("a", "{\n}\n", [{ search: "gone;\n}\n", replace: "}\n" }]).kind).toBe("refused");
    expect(applyBlocks("a", half, [{ search: "gone;\n", replace: "" }]).kind).toBe("refused");
  });

  it("keep line ends, and never make more of a file than its lines and theirs", () => {
    expect(applyBlocks("a", "x\r\ny\r\n", [{ search: "y\n", replace: "z\nw\n" }])).toEqual({
      kind: "text",
      text: "x\r\nz\r\nw\r\n",
    });
    const lines = fc
      .array(fc.constantFrom("a", " b", "c", "", "d"), { maxLength: 6 })
      .map((all) => all.map((line) => `${line}\n`).join(""));
    fc.assert(
      fc.property(lines, lines, lines, (file, search, replace) => {
        const applied = applyBlocks("a", file, [{ search, replace }]);
        if (applied.kind === "text")
          expect(applied.text.length).toBeLessThanOrEqual(file.length + replace.length + 20);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("a.js", "<<<<<<< SEARCH", "=======", ">>>>>>> REPLACE", "x", "```")),
        (all) => void readBlocks(all.join("\n")),
      ),
    );
  });
});
