// One test's source, found by what a runner calls it.
import { describe, expect, it } from "@jest/globals";
import { failingTestSource } from "../../src/syntax/test-source.ts";

const find = async (path: string, text: string, title: string, line: number | null = null) =>
  await failingTestSource(path, text, { title, line });

const nested = `import { parse } from "../src/parse.js";

let shared;
beforeEach(() => {
  shared = 1;
});

describe("parse", () => {
  before(() => {
    shared = 2;
  });
  describe("lists", () => {
    it("keeps order", () => {
      expect(parse("a")).toBe(1);
    });
    it.each([[1], [2]])("takes %s items", (n) => {
      expect(parse(n)).toBe(n);
    });
  });
  it("keeps order", () => {
    expect(parse("b")).toBe(2);
  });
});

describe("other", () => {
  before(() => {
    shared = 3;
  });
});
`;

describe("failingTestSource", () => {
  it("finds a test by its suites, its hooks and imports with it", async () => {
    const found = await find(
      "test/parse.test.ts",
      nested,
      "test/parse.test.ts > parse > lists > keeps order",
    );
    expect(found).toMatchObject({ firstLine: 13, lastLine: 15 });
    expect(found?.imports).toBe('import { parse } from "../src/parse.js";\n');
    expect(found?.hooks).toContain("shared = 1");
    expect(found?.hooks).toContain("shared = 2");
    expect(found?.hooks).not.toContain("shared = 3");
  });

  it("tells tests of one title apart by their suites, joined in any way", async () => {
    expect(await find("a.test.js", nested, "parse keeps order")).toMatchObject({ firstLine: 20 });
    expect(await find("a.test.js", nested, "parse lists keeps order")).toMatchObject({ firstLine: 13 });
  });

  it("fills parameters in", async () => {
    expect(await find("a.test.js", nested, "parse > lists > takes 2 items")).toMatchObject({ firstLine: 16 });
  });

  it("reads tape, node:test and template titles", async () => {
    const text = "test('outer', (t) => {\n  t.test(`inner ${a}`, (st) => {\n    st.end();\n  });\n});\n";
    expect(await find("a.js", text, "outer > inner 5 > should be equal")).toMatchObject({
      firstLine: 2,
      lastLine: 4,
    });
    expect(await find("a.js", text, "outer > should be equal")).toMatchObject({ firstLine: 1, lastLine: 5 });
  });

  it("does not take a pattern's test() for one", async () => {
    expect(await find("a.js", "/x/.test('title');\n", "title")).toBeNull();
  });

  it("reads pytest, with fixtures as hooks", async () => {
    const text =
      "import pytest\n\n@pytest.fixture\ndef db():\n    return 1\n\nclass TestA:\n    @pytest.mark.x\n    def test_one(self, db):\n        assert db == 2\n\ndef test_one_more():\n    pass\n";
    const found = await find("tests/test_a.py", text, "tests/test_a.py::TestA::test_one[1-2]");
    expect(found).toMatchObject({ firstLine: 8, lastLine: 10 });
    expect(found?.hooks).toContain("def db");
  });

  it("reads Go, with subtests, and Rust", async () => {
    const go =
      'package a\n\nfunc TestX(t *testing.T) {\n\tt.Run("empty list", func(t *testing.T) {\n\t\tf()\n\t})\n}\n';
    expect(await find("a_test.go", go, "pkg > TestX/empty_list")).toMatchObject({
      firstLine: 4,
      lastLine: 6,
    });
    expect(await find("a_test.go", go, "pkg > TestX")).toMatchObject({ firstLine: 3, lastLine: 7 });
    const rust =
      "mod tests {\n    fn helper() {}\n    #[test]\n    fn works() {\n        helper();\n    }\n}\n";
    expect(await find("src/a.rs", rust, "tests::works")).toMatchObject({ firstLine: 3, lastLine: 6 });
    expect(await find("src/a.rs", rust, "tests::helper")).toBeNull();
  });

  it("falls back to the lines around the one that failed", async () => {
    const text = Array.from({ length: 100 }, (_, index) => `line(${index + 1});`).join("\n");
    const found = await find("a.js", text, "nothing like it", 50);
    expect(found).toMatchObject({ firstLine: 35, lastLine: 65, hooks: "" });
    expect(await find("a.js", text, "nothing like it")).toBeNull();
  });

  it("shows two hundred lines at most, those around the failure", async () => {
    const body = Array.from({ length: 500 }, (_, index) => `  check(${index});`).join("\n");
    const text = `it("long", () => {\n${body}\n});\n`;
    const found = await find("a.test.js", text, "long", 400);
    expect(found?.text.trimEnd().split("\n")).toHaveLength(200);
    expect(found?.text).toContain("check(398)");
    expect(found?.firstLine).toBeLessThan(400);
  });
});
