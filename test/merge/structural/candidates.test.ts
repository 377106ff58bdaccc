// What structure suggests, language by language: disjoint edits of one hunk, members in any order, and the doubts.
import { describe, expect, it } from "@jest/globals";
import { prepareStructural } from "../../../src/merge/structural/index.ts";
import type { Given } from "../support.ts";
import { candidatesFor } from "./support.ts";

interface Example extends Given {
  readonly merged: string;
}

const disjoint: readonly Example[] = [
  {
    path: "a.ts",
    base: "  const total = sum(prices, rate);\n",
    ours: "  const total = sum(prices, rate, discount);\n",
    theirs: "  const total = sum(netPrices, rate);\n",
    merged: "  const total = sum(netPrices, rate, discount);\n",
  },
  {
    path: "a.tsx",
    before: "const page = (\n",
    base: '  <Page title="a" wide>\n',
    ours: '  <Page title="b" wide>\n',
    theirs: '  <Page title="a" wide={wide}>\n',
    after: "  </Page>\n);\n",
    merged: '  <Page title="b" wide={wide}>\n',
  },
  {
    path: "a.js",
    before: "    step();\n  }\n\n",
    base: "  run(task) {\n    start(task);\n",
    ours: "  async run(task) {\n    start(task);\n",
    theirs: "  run(task) {\n    log(task);\n    start(task);\n",
    after: "  }\n}\n",
    merged: "  async run(task) {\n    log(task);\n    start(task);\n",
  },
  {
    path: "a.py",
    before: "    def area(self):\n        return 0\n\n",
    base: "    def scale(self, factor):\n        return self.size * factor\n",
    ours: "    def scale(self, factor=1):\n        return self.size * factor\n",
    theirs: "    def scale(self, factor):\n        return self.length * factor\n",
    merged: "    def scale(self, factor=1):\n        return self.length * factor\n",
  },
  {
    path: "A.java",
    before: "    int count;\n\n",
    base: "    int next() { return count + 1; }\n",
    ours: "    public int next() { return count + 1; }\n",
    theirs: "    int next() { return count + step; }\n",
    after: "}\n",
    merged: "    public int next() { return count + step; }\n",
  },
  {
    path: "a.go",
    before: "func f() {\n",
    base: "\tserve(host, port)\n",
    ours: "\tserve(ctx, host, port)\n",
    theirs: "\tserve(host, port, tls)\n",
    after: "}\n",
    merged: "\tserve(ctx, host, port, tls)\n",
  },
  {
    path: "a.rs",
    before: "fn f() {\n",
    base: "    let a = g(b, c);\n",
    ours: "    let mut a = g(b, c);\n",
    theirs: "    let a = g(b, d);\n",
    after: "}\n",
    merged: "    let mut a = g(b, d);\n",
  },
];

const members: readonly (Example & { theirsFirst: string })[] = [
  {
    path: "a.ts",
    before: "class Cart {\n  items = [];\n",
    ours: "  add(item) { this.items.push(item); }\n",
    theirs: "  clear() { this.items = []; }\n",
    after: "}\n",
    merged: "  add(item) { this.items.push(item); }\n  clear() { this.items = []; }\n",
    theirsFirst: "  clear() { this.items = []; }\n  add(item) { this.items.push(item); }\n",
  },
  {
    path: "a.js",
    before: "const options = {\n  host: 1,\n",
    ours: "  port: 2\n",
    theirs: "  path: 3\n",
    after: "}\n",
    base: "",
    // The comma between the two is the one behind `host`.
    merged: "  port: 2,\n  path: 3\n",
    theirsFirst: "  path: 3,\n  port: 2\n",
  },
  {
    path: "a.py",
    before: "import os\n\n\n",
    ours: "def one():\n    return 1\n\n\n",
    theirs: "def two():\n    return 2\n\n\n",
    after: "def last():\n    return 3\n",
    merged: "def one():\n    return 1\n\n\ndef two():\n    return 2\n\n\n",
    theirsFirst: "def two():\n    return 2\n\n\ndef one():\n    return 1\n\n\n",
  },
  {
    path: "A.java",
    before: "class A {\n",
    ours: "    // Counts.\n    int one() { return 1; }\n",
    theirs: "    int two() { return 2; }\n",
    after: "}\n",
    merged: "    // Counts.\n    int one() { return 1; }\n    int two() { return 2; }\n",
    theirsFirst: "    int two() { return 2; }\n    // Counts.\n    int one() { return 1; }\n",
  },
];

describe("structural candidates", () => {
  it.each(disjoint)("$path: keeps both of two edits of different nodes", async (example) => {
    expect((await candidatesFor(example))["structural"]).toBe(example.merged);
  });

  it.each(members)("$path: keeps the members that both sides added, in either order", async (example) => {
    const candidates = await candidatesFor(example);
    expect(candidates["structural"]).toBe(example.merged);
    expect(candidates["structural-theirs-first"]).toBe(example.theirsFirst);
  });

  it("says so where one side uses what the other took out", async () => {
    const candidates = await candidatesFor({
      path: "a.ts",
      base: "const a = first(price);\nuse(a);\n",
      ours: "const a = first(cost);\nuse(a);\n",
      theirs: "const a = first(price);\nuse(a, price);\n",
    });
    expect(candidates["structural"]).toBeUndefined();
    expect(candidates["structural-doubtful"]).toBe("const a = first(cost);\nuse(a, price);\n");
  });

  it("does not define a name twice: both sides added a method of one name", async () => {
    const candidates = await candidatesFor({
      path: "a.ts",
      before: "class A {\n",
      ours: "  run() { one(); }\n",
      theirs: "  run() { two(); }\n",
      after: "}\n",
    });
    expect(Object.values(candidates)).toEqual([]);
  });

  it("says nothing where one side removes what the other changes", async () => {
    const candidates = await candidatesFor({
      path: "a.py",
      before: "def f():\n    begin()\n",
      base: "    work(1)\n",
      ours: "",
      theirs: "    work(2)\n",
      after: "    end()\n",
    });
    expect(candidates["structural"]).toBeUndefined();
  });

  it("keeps line endings", async () => {
    const candidates = await candidatesFor({
      path: "a.ts",
      base: "f(a, b);\r\ng();\r\n",
      ours: "f(a, c);\r\ng();\r\n",
      theirs: "f(d, b);\r\ng();\r\n",
    });
    expect(candidates["structural"]).toBe("f(d, c);\r\ng();\r\n");
  });

  it("knows no merger for a language without a grammar, or without tables", async () => {
    expect(await prepareStructural("a.md")).toBeNull();
    expect(await prepareStructural("a.css")).toBeNull();
  });
});
