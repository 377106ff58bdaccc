// The parts of the writer: changed lines, places, files that are put together, answers, and what a test may not hold.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readAnswer } from "../../../src/agents/test-writer/answer.ts";
import { compose, keepsLines } from "../../../src/agents/test-writer/compose.ts";
import { changedLines } from "../../../src/agents/test-writer/diff-lines.ts";
import { nameSource, styleOf } from "../../../src/agents/test-writer/import-style.ts";
import { exportsOf } from "../../../src/agents/test-writer/imports.ts";
import { placeFor } from "../../../src/agents/test-writer/layout.ts";
import { whyRefused } from "../../../src/agents/test-writer/static-look.ts";
import { readTestFile } from "../../../src/agents/test-writer/test-file.ts";

describe("changedLines", () => {
  test("are those that are new or other, and the one behind lines that went", () => {
    expect([...changedLines("a\nb\nc\n", "a\nx\nc\n")]).toEqual([2]);
    expect([...changedLines("a\nc\n", "a\nb\nb\nc\n")]).toEqual([2, 3]);
    expect([...changedLines("a\nb\nc\n", "a\nc\n")]).toEqual([2]);
    expect([...changedLines("a\nb\nc\nd\ne\n", "x\na\nb\nd\ny\n")]).toEqual([1, 4, 5]);
    expect([...changedLines("a\r\n", "a\n")]).toEqual([]);
  });

  test("leave a common rest of both texts", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changed = changedLines(before.join("\n"), after.join("\n"));
        const rest = after.filter((_, index) => !changed.has(index + 1));
        expect(keepsLines(rest.join("\n"), before.join("\n"))).toBe(true);
        if (before.join("\n") === after.join("\n")) expect(changed.size).toBe(0);
      }),
    );
  });
});

describe("placeFor", () => {
  const at = (source: string, paths: readonly string[], runner: string | null = null) =>
    placeFor(source, [source, ...paths], runner)?.testPath ?? null;

  test("is the test file of that very source", () => {
    expect(at("src/a/x.ts", ["src/a/x.test.ts", "test/y.test.ts"])).toBe("src/a/x.test.ts");
    expect(at("src/a/x.ts", ["test/a/x.test.ts", "test/b/x.test.ts"])).toBe("test/a/x.test.ts");
    expect(at("src/x.js", ["spec/deep/x.spec.js"])).toBe("spec/deep/x.spec.js");
    expect(at("pkg/x.py", ["tests/test_x.py"])).toBe("tests/test_x.py");
    expect(at("a/x.go", ["a/x_test.go", "b/x_test.go"])).toBe("a/x_test.go");
  });

  test("is not the test file of a namesake", () => {
    expect(at("src/a/x.ts", ["src/b/x.ts", "test/b/x.test.ts"])).toBe("test/a/x.test.ts");
  });

  test("is where most tests are, named as they are", () => {
    expect(at("src/x.ts", ["src/y.spec.ts", "src/z.spec.ts", "test/w.test.ts"])).toBe("src/x.spec.ts");
    expect(at("src/a/x.ts", ["src/a/__tests__/y.test.ts"])).toBe("src/a/__tests__/x.test.ts");
    expect(at("src/a/x.js", ["test/b/y.js", "test/z.js"])).toBe("test/a/x.js");
    expect(at("src/a/x.js", ["tests/y-test.js"])).toBe("tests/x-test.js");
    expect(at("src/pkg/x.py", ["tests/test_y.py"])).toBe("tests/test_x.py");
  });

  test("goes by the runner where there are none", () => {
    expect(at("src/x.ts", [], "vitest")).toBe("src/x.test.ts");
    expect(at("src/x.js", [], "mocha")).toBe("test/x.test.js");
    expect(at("pkg/x.py", [], "pytest")).toBe("tests/test_x.py");
    expect(at("a/x.go", [], "go")).toBe("a/x_test.go");
    expect(at("a/x.rs", [], "cargo")).toBeNull();
  });

  test("is never a fixture", () => {
    expect(at("src/x.js", ["test/fixtures/x.test.js"], "jest")).not.toContain("fixtures");
  });
});

const importsIn = (file: Awaited<ReturnType<typeof readTestFile>>) => file?.imports ?? [];

function runnerOf(family: string, existing: string): string {
  if (family === "script") return existing.includes("it(") ? "mocha" : "node";
  return family === "python" ? "pytest" : "go";
}

async function composed(
  paths: { source: string; test: string },
  texts: { source: string; existing: string; added: string; answer?: string },
) {
  const exports = await exportsOf(paths.source, texts.source);
  const file = await readTestFile(paths.test, texts.existing);
  const answer = await readTestFile(paths.test, texts.answer ?? "");
  const family = file?.family ?? "script";
  const runner = runnerOf(family, texts.existing);
  const style = styleOf(family, texts.existing, { source: paths.source, exports, runner });
  const example = texts.existing === "" ? null : { path: paths.test, imports: importsIn(file) };
  const known = {
    testPath: paths.test,
    style,
    source: { path: paths.source, exports },
    root: "f",
    example,
    answer: importsIn(answer),
    files: new Map(),
    runner,
  };
  const header = family === "go" ? `package ${exports.package ?? ""}` : "";
  return (
    (
      await compose(
        paths.test,
        { existing: texts.existing, added: texts.added, header },
        nameSource(known),
        style,
      )
    )?.text ?? null
  );
}

describe("compose", () => {
  test("Python: a new file, and one that is there", async () => {
    const paths = { source: "src/pkg/m.py", test: "tests/test_m.py" };
    const source = "def f(x):\n    return x\n\ndef g(x):\n    return x\n";
    const added = "def test_raises():\n    with pytest.raises(ValueError):\n        f(math.inf)\n";
    expect(await composed(paths, { source, existing: "", added, answer: "import math\nimport evil\n" })).toBe(
      `from pkg.m import f\nimport math\nimport pytest\n\n${added}`,
    );
    const existing = '"""Tests."""\nfrom pkg.m import g\n\n\ndef test_g():\n    assert g(1) == 1\n';
    expect(
      await composed(paths, { source, existing, added: "def test_f():\n    assert f(1) == g(1)\n" }),
    ).toBe(
      '"""Tests."""\nfrom pkg.m import g\nfrom pkg.m import f\n\n\ndef test_g():\n    assert g(1) == 1\n\ndef test_f():\n    assert f(1) == g(1)\n',
    );
  });

  test("Go: the package of the source, and imports of its own", async () => {
    const paths = { source: "a/m.go", test: "a/m_test.go" };
    const added = 'func TestF(t *testing.T) {\n\tif f(1) != 2 {\n\t\tt.Error("no")\n\t}\n}\n';
    expect(
      await composed(paths, {
        source: "package a\n\nfunc f(x int) int { return x + 1 }\n",
        existing: "",
        added,
      }),
    ).toBe(`package a\n\nimport "testing"\n\n${added}`);
  });

  test("CommonJS, single quotes and no semicolons, as the file has them; line ends too", async () => {
    const paths = { source: "lib/m.js", test: "test/m.js" };
    const source = "exports.f = (x) => x;\nexports.g = (x) => x;\n";
    const existing =
      "const assert = require('assert')\r\nconst { g } = require('../lib/m')\r\n\r\nit('g', () => { assert(g(1)) })\r\n";
    expect(await composed(paths, { source, existing, added: "it('f', () => { assert(f(1)) })\n" })).toBe(
      "const assert = require('assert')\r\nconst { g } = require('../lib/m')\r\nconst { f } = require('../lib/m')\r\n\r\nit('g', () => { assert(g(1)) })\r\n\r\nit('f', () => { assert(f(1)) })\r\n",
    );
  });

  test("TypeScript imports what it is compiled to, where the repository does", async () => {
    const paths = { source: "src/m.ts", test: "test/m.test.ts" };
    const existing =
      'import { test } from "node:test";\nimport { g } from "../src/m.js";\ntest("g", () => g());\n';
    const text = await composed(paths, {
      source: "export const f = 1, g = 2;\nexport interface T {}\n",
      existing,
      added: 'test("f", () => f as T);\n',
    });
    expect(text).toContain('import { f } from "../src/m.js";');
    expect(text).not.toContain("T }");
  });

  test("gives nothing where the result does not parse", async () => {
    expect(
      await composed(
        { source: "a.js", test: "a.test.js" },
        { source: "", existing: "test(", added: "test('a', () => 1);" },
      ),
    ).toBeNull();
  });

  test("keeps every line of what was there, in order", async () => {
    const line = fc.constantFrom(
      'import a from "a";',
      "// words",
      'test("x", () => a());',
      "",
      'const b = require("b");',
      '"use strict";',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 8 }), async (lines) => {
        const existing = lines.join("\n");
        const text = await composed(
          { source: "src/m.js", test: "test/m.test.js" },
          { source: "export const f = 1;\n", existing, added: 'test("new", () => f);\n' },
        );
        expect(text === null || keepsLines(existing.trim() === "" ? "" : existing, text)).toBe(true);
        expect(text ?? "{ f }").toContain("{ f }");
      }),
      { numRuns: 60 },
    );
  });
});

describe("readAnswer", () => {
  const none = () => false;
  test("takes whole tests, each title once, and leaves suites without tests out", async () => {
    const one = (title: string, body = "expect(f()).toBe(1);") =>
      `it("${title}", () => {\n    ${body}\n  });`;
    const text = `describe("f", () => {\n  ${one("a")}\n  ${one("b", "f();")}\n  ${one("a", "expect(f()).toBe(2);")}\n});\ndescribe("empty", () => {\n  ${one("c", "")}\n});\nconst x = 1;\n`;
    const read = await readAnswer("a.test.js", `\`\`\`js\n${text}\`\`\``, none);
    expect(read.titles).toEqual(["a"]);
    expect(read.added).toBe(`describe("f", () => {\n  ${one("a")}\n});`);
    expect(read.refused).toEqual([
      { title: "b", why: "it asserts nothing" },
      { title: "a", why: "there is another test of this title" },
      { title: "c", why: "it asserts nothing" },
    ]);
  });

  test("takes nothing of what is cut off, several blocks, or beside tests does what tests may not", async () => {
    const good = 'test("a", () => { assert.equal(f(), 1); });\n';
    for (const answer of [`\`\`\`\n${good}`, `\`\`\`\n${good}\`\`\`\n\`\`\`\n${good}\`\`\``, good]) {
      expect((await readAnswer("a.test.js", answer, none)).titles).toEqual([]);
    }
    const hidden = `describe("s", () => {\n  before(() => fetch("x"));\n  ${good}});\n`;
    expect((await readAnswer("a.test.js", `\`\`\`\n${hidden}\`\`\``, none)).refused[0]?.why).toBe(
      "it uses the network",
    );
  });

  test("reads Python's and Go's", async () => {
    const python =
      "class TestF:\n    def test_a(self):\n        assert f() == 1\n\n    def test_b(self):\n        f()\n\ndef helper():\n    pass\n";
    const read = await readAnswer("test_a.py", `\`\`\`python\n${python}\`\`\``, none);
    expect([read.titles, read.added]).toEqual([
      ["test_a"],
      "class TestF:\n    def test_a(self):\n        assert f() == 1",
    ]);
    const go = "package a\n\nfunc TestA(t *testing.T) {\n\tt.Fatal(f())\n}\n\nfunc help() {}\n";
    expect((await readAnswer("a_test.go", `\`\`\`go\n${go}\`\`\``, none)).added).toBe(
      "func TestA(t *testing.T) {\n\tt.Fatal(f())\n}",
    );
  });
});

describe("whyRefused", () => {
  const script = (body: string) => whyRefused("a.test.ts", `test("a", () => { ${body} });`);
  test.each([
    ["expect(f()).toBe(1);", null],
    ["assert.deepEqual(f('Math.random() fetch(x) .skip'), 1); /* Date.now() */", null],
    ["const file = fs.readFileSync(path.join(os.tmpdir(), 'a')); expect(file).toBe(1);", null],
    ["f();", "it asserts nothing"],
    ["expect(true).toBe(true);", "it asserts what is always so"],
    ["assert.equal(1, 1);", "it asserts what is always so"],
    ["expect(f()).toMatchSnapshot();", "it compares with a snapshot"],
    ["expect(f(Date.now())).toBe(1);", "it hangs on the time of day"],
    ["expect(f(new Date())).toBe(1);", "it hangs on the time of day"],
    ["expect(f(Math.random())).toBe(1);", "it hangs on chance"],
    ["expect(await fetch(u)).toBe(1);", "it uses the network"],
    ["expect(fs.readFileSync('a')).toBe(1);", "it uses files outside of a temporary folder"],
    ["process.exit(0); expect(f()).toBe(1);", "it starts programs or changes the process"],
    ["expect(require('x')()).toBe(1);", "it loads modules inside of a test"],
  ])("%s", async (body, why) => {
    expect(await script(body)).toBe(why);
  });

  test("looks at Python and Go as well", async () => {
    const python = (body: string) => whyRefused("test_a.py", `def test_a():\n    ${body}\n`);
    expect(await python("assert f() == 'time.time()'")).toBeNull();
    expect(await python("assert True")).toBe("it asserts what is always so");
    expect(await python("pytest.skip('no')\n    assert f()")).toBe("it skips tests");
    expect(await python("assert f(time.time())")).toBe("it hangs on the time of day");
    const go = (body: string) => whyRefused("a_test.go", `func TestA(t *testing.T) {\n${body}\n}\n`);
    expect(await go('if f() != 1 { t.Error("rand.Int()") }')).toBeNull();
    expect(await go("t.Skip()\nt.Error(f())")).toBe("it skips tests");
    expect(await go("f()")).toBe("it asserts nothing");
  });
});
