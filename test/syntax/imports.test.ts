// Modules and the names that they are bound to.
import { describe, expect, it } from "@jest/globals";
import { importsIn } from "../../src/syntax/imports.ts";

const modulesOf = async (path: string, text: string) =>
  (await importsIn(path, text)).modules.map(({ specifier, names }) => [
    specifier,
    ...names.map(({ local, imported }) => (local === imported ? local : `${imported}=${local}`)),
  ]);

describe("importsIn", () => {
  it("reads imports, re-exports and requires of JavaScript", async () => {
    const text = `import d, * as n from "a";
import { x, y as z } from "./b.js";
import "c";
export * from "./d";
export { p as q } from "./e";
const f = require("f");
const { g, h: i } = require("g");
const j = require("j").k;
module.exports = { l: require("./l") };
const m = await import("m");
`;
    expect(await modulesOf("a.js", text)).toEqual([
      ["a", "default=d", "*=n"],
      ["./b.js", "x", "y=z"],
      ["c"],
      ["./d", "*"],
      ["./e", "p=q"],
      ["f", "*=f"],
      ["g", "g", "h=i"],
      ["j", "k=j"],
      ["./l", "*=l"],
      ["m", "*=m"],
    ]);
  });

  it("reads Python, Go, Rust and Java", async () => {
    expect(
      await modulesOf("a.py", "import a.b as c, d\nfrom .x import (e, f as g)\nfrom y import *\n"),
    ).toEqual([
      ["a.b", "*=c"],
      ["d", "*=d"],
      [".x", "e", "f=g"],
      ["y", "*"],
    ]);
    expect(await modulesOf("a.go", 'package a\nimport (\n\t"fmt"\n\tp "x/y"\n)\n')).toEqual([
      ["fmt", "*=fmt"],
      ["x/y", "*=p"],
    ]);
    expect(await modulesOf("a.rs", "use crate::a::{b, c as d};\nmod q;\n")).toEqual([
      ["crate::a", "b"],
      ["crate::a", "c=d"],
      ["self::q", "*=q"],
    ]);
    expect(await modulesOf("A.java", "import a.b.C;\nclass A {}\n")).toEqual([["a.b.C", "default=C"]]);
  });

  it("gives the lines of the imports as they are, and not what stands between", async () => {
    const text = 'import a from "a";\r\nconst x = 1;\r\nimport {\r\n  b,\r\n} from "b";\r\nb(x);\r\n';
    expect((await importsIn("a.ts", text)).block).toBe(
      'import a from "a";\r\nimport {\r\n  b,\r\n} from "b";\r\n',
    );
  });

  it("has nothing to say of other languages", async () => {
    expect(await importsIn("a.txt", "import a")).toEqual({ modules: [], block: "" });
  });
});
