// Parsed texts as trees of spans, freed after use.
import { describe, expect, it } from "@jest/globals";
import { loadGrammar } from "../../src/syntax/tree-sitter.ts";
import type { SyntaxNode } from "../../src/syntax/tree-sitter.ts";

const leavesOf = (node: SyntaxNode): SyntaxNode[] =>
  node.children.length === 0 ? [node] : node.children.flatMap(leavesOf);

describe("loadGrammar", () => {
  it("gives spans in UTF-16 units that cut the text, roles by name, and tokens apart from names", async () => {
    const text = 'const é = "😀"; function later() {}\n';
    const grammar = await loadGrammar("typescript");
    const seen = grammar.readTrees([text], 1_000, ([root]) => {
      const leaves = root ? leavesOf(root) : [];
      const second = root?.children[1];
      const name = second?.field("name");
      return {
        leaves: leaves.map(({ start, end }) => text.slice(start, end)).join(" "),
        name: name && text.slice(name.start, name.end),
        nothing: second?.field("nonsense"),
        tokens: leaves.filter(({ named }) => !named).map(({ type }) => type),
      };
    });
    expect(seen?.leaves).toBe('const é = " 😀 " ; function later ( ) { }');
    expect(seen?.name).toBe("later");
    expect(seen?.nothing).toBeNull();
    expect(seen?.tokens).toContain("function");
    expect(seen?.tokens).not.toContain("later");
  });

  it("says which nodes are broken", async () => {
    const grammar = await loadGrammar("java");
    const broken = grammar.readTrees(["class A { int b = ; }\n", "class A {}\n"], 1_000, (roots) =>
      roots.map((root) => root.broken),
    );
    expect(broken).toEqual([true, false]);
  });

  it("gives up a parse that takes too long, and parses the next text as if nothing had been", async () => {
    const grammar = await loadGrammar("javascript");
    expect(grammar.readTrees(["f(".repeat(200_000)], 0, () => "read")).toBeNull();
    expect(grammar.readTrees(["a();\n"], 1_000, ([root]) => root?.children.length)).toBe(1);
  });

  it("passes on what the reader throws, and works afterwards", async () => {
    const grammar = await loadGrammar("python");
    const fail = () => {
      throw new Error("no");
    };
    expect(() => grammar.readTrees(["a = 1\n"], 1_000, fail)).toThrow("no");
    expect(grammar.readTrees(["a = 1\n"], 1_000, ([root]) => root?.broken)).toBe(false);
  });
});
