// Reports in JSON: jest, vitest, mocha, go test.
import { describe, expect, test } from "@jest/globals";
import { fixture, messages, outline } from "./fixtures.ts";

const scripts = [
  "passed a.test.js > sum > adds",
  "failed a.test.js > sum > fails",
  "skipped a.test.js > sum > later",
  "skipped a.test.js > sum > skipped",
  "failed b.test.js",
];

describe("jest-json", () => {
  test.each(["jest.json", "vitest.json"])(
    "%s (jest 30, vitest 5): each test, and the file that cannot be imported",
    (name) => {
      expect(outline("jest-json", fixture(name))).toEqual(scripts);
      expect(messages("jest-json", fixture(name)).join("\n")).toMatch(/Cannot find module '.\/nothing.js'/);
    },
  );

  test("is found between other things on standard output", () => {
    const noise = `{ "numbers": 1 }\n${JSON.stringify(JSON.parse(fixture("jest.json")))}\nDone in {1 s}.\n`;
    expect(outline("jest-json", noise)).toEqual(scripts);
  });

  test("a file that fails though its tests pass is a failure of its own", () => {
    const file = {
      name: "/project/x.test.ts",
      status: "failed",
      message: "a hook",
      assertionResults: [{ title: "t", status: "passed" }],
    };
    expect(outline("jest-json", JSON.stringify({ testResults: [file] }))).toEqual([
      "passed x.test.ts > t",
      "failed x.test.ts",
    ]);
  });

  test("repeated ids are numbered, and a title that looks like a numbered one does not collide", () => {
    const titles = ["t", "t (2)", "t", "t"];
    const file = { name: "a.js", assertionResults: titles.map((title) => ({ title, status: "passed" })) };
    expect(outline("jest-json", JSON.stringify({ testResults: [file] }))).toEqual([
      "passed a.js > t",
      "passed a.js > t (2)",
      "passed a.js > t (3)",
      "passed a.js > t (4)",
    ]);
  });

  test("a run of no tests is an empty list; a shape that is not the report's is none", () => {
    expect(outline("jest-json", '{"testResults":[]}')).toEqual([]);
    for (const text of ["", "null", "[]", "{}", '{"testResults":{}}', fixture("mocha.txt")]) {
      expect(outline("jest-json", text)).toBeNull();
    }
  });

  test("ids have no colours and no control characters, and are bounded", () => {
    const title = `\u001b[31mred\u001b[0m\u0000 \u202Eevil\n${"x".repeat(10_000)}`;
    const report = { testResults: [{ name: "a.js", assertionResults: [{ title, status: "passed" }] }] };
    const [id] = outline("jest-json", JSON.stringify(report)) ?? [];
    expect(id).toMatch(/^passed a.js > red evil x+$/);
    expect(id?.length).toBeLessThan(420);
  });
});

describe("mocha-json (mocha 11, standard output with what a test printed)", () => {
  test("tests, repeated titles, pending ones, and a hook that is not among the tests", () => {
    expect(outline("mocha-json", fixture("mocha.txt"))).toEqual([
      "passed m.test.js > top",
      "passed m.test.js > sum > adds",
      "failed m.test.js > sum > adds (2)",
      "skipped m.test.js > sum > later",
      'failed m.test.js > sum hooks > "before all" hook for "never"',
    ]);
    expect(messages("mocha-json", fixture("mocha.txt"))).toEqual(["bad", "hook"]);
  });

  test("what is printed after the report does not hide it", () => {
    expect(outline("mocha-json", `${fixture("mocha.txt")}\nprocess said } bye {"stats": `)).toHaveLength(5);
  });

  test("a report that was cut off is none", () => {
    expect(outline("mocha-json", fixture("mocha.txt").slice(0, 1_500))).toBeNull();
  });
});

describe("go-json (Go 1.26)", () => {
  const shop = "example.com/shop";

  test("packages that are not built or exit, subtests, skips", () => {
    expect(outline("go-json", fixture("go.jsonl"))).toEqual([
      `failed ${shop}/broken`,
      `passed ${shop}/calc > TestAdd > small`,
      `failed ${shop}/calc > TestAdd > wrong`,
      `failed ${shop}/calc > TestAdd`,
      `skipped ${shop}/calc > TestSkip`,
      `passed ${shop}/calc > TestOk`,
      `failed ${shop}/exits > TestExit`,
    ]);
    expect(messages("go-json", fixture("go.jsonl")).slice(0, 2)).toEqual([
      "broken/b_test.go:5:28: undefined: undefined",
      "calc_test.go:11: got 3",
    ]);
  });

  test("before Go 1.24 a build failure stands between the events", () => {
    const text = `# ${shop}/a\na/a.go:1:1: undefined: x\nFAIL\t${shop}/a [build failed]\n{"Action":"start","Package":"p"}\n{"Action":"pass","Package":"p"}\n`;
    expect(outline("go-json", text)).toEqual([`failed ${shop}/a`]);
  });

  test("a stream that stops leaves the tests that were running failed", () => {
    const events = fixture("go.jsonl").split("\n");
    const cut = events.slice(0, events.findIndex((line) => line.includes('"run"')) + 1).join("\n");
    expect(outline("go-json", cut)).toEqual([`failed ${shop}/broken`, `failed ${shop}/calc > TestAdd`]);
    expect(outline("go-json", cut.slice(0, -20))).toEqual([`failed ${shop}/broken`, `failed ${shop}/calc`]);
  });

  test("no event at all is no report", () => {
    expect(outline("go-json", "ok  \texample.com/shop\t0.1s\n")).toBeNull();
  });
});
