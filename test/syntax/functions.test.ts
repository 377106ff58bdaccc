// The functions of a file as whole lines, in every language that has a reader.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { callsIn, functionsIn, topLevelRegionAt } from "../../src/syntax/functions.ts";

const namesIn = async (path: string, text: string) => (await functionsIn(path, text)).map(({ name }) => name);

describe("functionsIn", () => {
  it("names what JavaScript makes functions of", async () => {
    const text = `
export default function () {
  one();
}
export const arrow = async (a) => {
  return a;
};
let later = function () {
  return 1;
};
exports.given = function given2() {
  return 1;
};
module.exports.also = (a) => {
  return a;
};
Foo.prototype.bar = function (a) {
  return a;
};
class Parser extends Base {
  constructor() {
    super();
  }
  static make() {
    return new Parser();
  }
  get size() {
    return 1;
  }
  #hidden() {
    return 2;
  }
  field = () => {
    return 3;
  };
}
const utils = {
  method() {
    return 1;
  },
  pair: function () {
    return 2;
  },
  inner: {
    deep: () => {
      return 3;
    },
  },
};
(function () {
  function inIife() {
    return 1;
  }
})();
list.map((one) => {
  return one;
});
`;
    expect(await namesIn("a.js", text)).toEqual([
      "export default",
      "arrow",
      "later",
      "given",
      "also",
      "Foo.bar",
      "Parser.constructor",
      "Parser.make",
      "Parser.size",
      "Parser.#hidden",
      "Parser.field",
      "utils.method",
      "utils.pair",
      "utils.inner.deep",
      "anonymous at line 50",
      "inIife",
      "anonymous at line 55",
    ]);
  });

  it("names a function that is the module after itself, or after what it is", async () => {
    expect(await namesIn("a.js", "module.exports = function parse(a) {\n  return a;\n};\n")).toEqual([
      "parse",
    ]);
    expect(await namesIn("a.js", "module.exports = (a) => {\n  return a;\n};\n")).toEqual(["module.exports"]);
    expect(await namesIn("a.js", "module.exports = {\n  parse(a) {\n    return a;\n  },\n};\n")).toEqual([
      "parse",
    ]);
  });

  it("reads TypeScript and TSX", async () => {
    const text = "export class A<T> {\n  private async f(a: T): Promise<T> {\n    return a;\n  }\n}\n";
    expect(await namesIn("a.ts", text)).toEqual(["A.f"]);
    expect(await namesIn("a.tsx", "export const B = ({ a }: P) => {\n  return <b>{a}</b>;\n};\n")).toEqual([
      "B",
    ]);
  });

  it("reads Python, decorators left out", async () => {
    const text =
      "@dec\ndef f(a):\n    def g():\n        return a\n    return g\n\nclass A:\n    @p\n    async def m(self):\n        pass\n";
    const spans = await functionsIn("a.py", text);
    expect(spans.map(({ name, firstLine, lastLine }) => [name, firstLine, lastLine])).toEqual([
      ["f", 2, 5],
      ["g", 3, 4],
      ["A.m", 9, 10],
    ]);
    expect(spans[0]?.signature).toBe("def f(a):");
  });

  it("reads Go, Rust and Java", async () => {
    const go = "package a\n\nfunc F(a int) int {\n\treturn a\n}\n\nfunc (p *Parser[T]) Run() {\n\tp.x()\n}\n";
    expect(await namesIn("a.go", go)).toEqual(["F", "Parser.Run"]);
    const rust = "fn f() {}\nimpl<T> Show for Parser<T> {\n    pub fn run(&self) {\n        f()\n    }\n}\n";
    expect(await namesIn("a.rs", rust)).toEqual(["f", "Parser.run"]);
    const java = "class P {\n  P() {\n  }\n  int m(int a) {\n    return a;\n  }\n}\n";
    expect(await namesIn("P.java", java)).toEqual(["P.P", "P.m"]);
  });

  it("takes the export and the statement with a function, and signs it up to its body", async () => {
    const text =
      "// why\nexport const f = (\n  a: number,\n  b: number,\n) => {\n  return a + b;\n}; // end\nf(1, 2);\n";
    const [span] = await functionsIn("a.ts", text);
    expect(span).toMatchObject({
      firstLine: 2,
      lastLine: 7,
      signature: "export const f = ( a: number, b: number, ) =>",
    });
    expect(span?.text.startsWith("export")).toBe(true);
    expect(span?.text.endsWith("// end\n")).toBe(true);
  });

  it("has nothing to say of other languages, and of files that are too long", async () => {
    expect(await functionsIn("a.txt", "function f() {}\n")).toEqual([]);
    expect(await functionsIn("a.js", `function f() {}\n${" ".repeat(1_100_000)}`)).toEqual([]);
  });

  it("stands text that nests deeper than any reader may go", async () => {
    const text = `function f() {\n${"[".repeat(5_000)}${"]".repeat(5_000)}\n}\n`;
    expect((await functionsIn("a.js", text)).length).toBeLessThanOrEqual(1);
  });

  const pieces = [
    "function a() {\n  b();\n}",
    "const c = (x) => {\n  return x;\n};",
    "class D {\n  e() {\n    f();\n  }\n}",
    "g(() => {\n  h();\n});",
    "// é 😀 comment",
    "const table = { i: 1 };",
    "function broken( {",
    "",
  ];
  it("gives whole lines of the text, in order, whatever its line ends, mark and errors", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...pieces), { maxLength: 8 }),
        fc.constantFrom("\n", "\r\n"),
        fc.boolean(),
        async (parts, end, mark) => {
          const text = (mark ? "\uFEFF" : "") + parts.join("\n").replaceAll("\n", end);
          let before = -1;
          for (const span of await functionsIn("a.js", text)) {
            expect(text.slice(span.start, span.end)).toBe(span.text);
            expect(text.slice(0, span.start) + span.text + text.slice(span.end)).toBe(text);
            expect(span.start === (mark ? 1 : 0) || text[span.start - 1] === "\n").toBe(true);
            expect(span.end === text.length || text[span.end - 1] === "\n").toBe(true);
            expect(span.firstLine).toBe(text.slice(0, span.start).split("\n").length);
            expect(span.lastLine - span.firstLine).toBe(span.text.trimEnd().split("\n").length - 1);
            expect(span.start).toBeGreaterThanOrEqual(before);
            before = span.start;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("topLevelRegionAt", () => {
  it("gives the statement around a line, and nothing for a comment", async () => {
    const text = "// note\nconst table = {\n  a: 1,\n  b: 2,\n};\nexport { table };\n";
    expect(await topLevelRegionAt("a.js", text, 3)).toMatchObject({
      name: "const table",
      firstLine: 2,
      lastLine: 5,
    });
    expect(await topLevelRegionAt("a.js", text, 6)).toMatchObject({ name: "lines 6 to 6" });
    expect(await topLevelRegionAt("a.js", text, 1)).toBeNull();
  });
});

describe("callsIn", () => {
  const callsOf = async (path: string, text: string, index = 0) => {
    const span = (await functionsIn(path, text))[index];
    return span === undefined ? null : await callsIn(span);
  };

  it("names what is called, each once, the function itself left out", async () => {
    expect(await callsOf("a.js", "function f(a) {\n  g(a.h(1), g());\n  return new K(f());\n}\n")).toEqual([
      "g",
      "h",
      "K",
    ]);
    expect(
      await callsOf("a.ts", "class A {\n  async m(a: B<C>) {\n    return await this.#n(a);\n  }\n}\n"),
    ).toEqual(["#n"]);
    expect(await callsOf("a.py", "class A:\n    def m(self):\n        return self.n(len(1))\n")).toEqual([
      "n",
      "len",
    ]);
    expect(await callsOf("a.go", "package a\nfunc F() {\n\tg.H(i())\n}\n")).toEqual(["H", "i"]);
    expect(await callsOf("a.rs", "impl P {\n    fn m(&self) {\n        a::b(self.c());\n    }\n}\n")).toEqual(
      ["b", "c"],
    );
  });

  it("names at most fifty", async () => {
    const calls = Array.from({ length: 80 }, (_, index) => `  c${index}();`).join("\n");
    expect(await callsOf("a.js", `function f() {\n${calls}\n}\n`)).toHaveLength(50);
  });
});
