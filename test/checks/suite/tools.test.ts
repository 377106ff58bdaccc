// Type checkers, linters and formatters: the lines that are made for them, and what is read of what they write.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readComplaints, readEslint } from "../../../src/checks/suite/complaints.ts";
import type { SandboxRequest } from "../../../src/core/sandbox.ts";
import type { Files } from "../support.ts";
import { fakeSandbox, open } from "./support.ts";
import type { Answer } from "./support.ts";

const inTree = (name: string) => {
  const path = name.replace(/^\/project\//, "");
  return path.includes(" ") ? null : path;
};

describe("readComplaints", () => {
  test.each([
    [
      "tsc",
      "src/a.ts(3,4): error TS2322: Type 'a' is wrong.\n  more",
      ["src/a.ts:3: error TS2322: Type 'a' is wrong."],
    ],
    ["vue-tsc", "\u001b[96msrc/a.vue\u001b[0m:3:4 - error TS1: No.", ["src/a.vue:3: error TS1: No."]],
    ["mypy", "a.py:7:1: error: Bad  [misc]\na.py:8: note: no", ["a.py:7: error: Bad [misc]"]],
    ["pyright", "/project/a.py\n  /project/a.py:1:5 - error: Bad (rule)", ["a.py:1: error: Bad (rule)"]],
    ["go", "# m/a\nvet: a/a.go:3:1: undefined: x", ["a/a.go:3: undefined: x"]],
    [
      "cargo",
      "error[E0308]: mismatched types\n --> src/lib.rs:2:5\n  |",
      ["src/lib.rs:2: error[E0308]: mismatched types"],
    ],
    ["cargo", "error: could not compile `m`\n --> src/lib.rs:2:5", []],
    ["flake8", "./a.py:1:80: E501 line too long", ["./a.py:1: E501 line too long"]],
    ["ruff", "a.py:1:8: F401 [*] `os` imported", ["a.py:1: F401 [*] `os` imported"]],
    [
      "ruff",
      "F401 [*] `os` imported but unused\n --> a.py:1:8\n  |",
      ["a.py:1: F401 [*] `os` imported but unused"],
    ],
    ["biome", "src/a.ts:2:7 lint/style/useConst  FIXABLE  ━━━", ["src/a.ts:2: lint/style/useConst"]],
    [
      "eslint",
      "\n/project/src/a.js\n  3:7  error  'x' is unused  no-unused-vars\n  4:1  warning  no  no\n",
      ["src/a.js:3: 'x' is unused no-unused-vars"],
    ],
    ["xo", "src/a.js:3:7: what", []],
    [
      "prettier",
      "Checking formatting...\n[warn] src/a.js\n[warn] Code style issues found in the above file. Run Prettier with --write to fix.",
      ["src/a.js:0: It is not in form."],
    ],
    ["prettier", "src/a.js\nAll matched files use Prettier code style!", ["src/a.js:0: It is not in form."]],
    [
      "black",
      "would reformat a.py\n\n1 file would be reformatted, 2 files would be left unchanged.",
      ["a.py:0: It is not in form."],
    ],
    ["ruff format", "Would reformat: a.py\n1 file would be reformatted", ["a.py:0: It is not in form."]],
    [
      "cargo fmt",
      "Diff in /project/src/lib.rs:4:\n-fn a() {}\nDiff in /project/src/lib.rs:9:\n-fn b() {}",
      ["src/lib.rs:4: It is not in form."],
    ],
  ])("%s", (tool, output, expected) => {
    const found = readComplaints(tool, output, inTree);
    expect(found.map(({ path, line, message }) => `${path}:${line}: ${message}`)).toEqual(expected);
  });

  test("any text is read, and what comes of it is bounded", () => {
    const tool = fc.constantFrom(
      "tsc",
      "mypy",
      "pyright",
      "go",
      "cargo",
      "flake8",
      "ruff",
      "biome",
      "eslint",
      "prettier",
      "cargo fmt",
    );
    fc.assert(
      fc.property(tool, fc.string({ unit: "binary", maxLength: 300 }), (name, text) => {
        for (const { line, message } of readComplaints(name, text, () => null)) {
          expect(line).toBeGreaterThanOrEqual(0);
          expect(message).toMatch(/^[^\p{C}]{0,500}$/u);
        }
      }),
    );
    const many = "a.ts(1,1): error TS1: x\n".repeat(5_000);
    expect(readComplaints("tsc", many, () => null)).toHaveLength(1_000);
  });

  test("eslint's report: errors, or warnings where there is nothing else", () => {
    const file = (severities: readonly number[]) =>
      Buffer.from(
        JSON.stringify([
          {
            filePath: "/project/a.js",
            messages: severities.map((severity) => ({
              severity,
              line: 2,
              ruleId: "semi",
              message: `m${severity}`,
            })),
          },
        ]),
      );
    expect(readEslint(file([1, 2]), inTree)).toEqual([{ path: "a.js", line: 2, message: "m2 (semi)" }]);
    expect(readEslint(file([1]), inTree)).toEqual([{ path: "a.js", line: 2, message: "m1 (semi)" }]);
    expect(readEslint(Buffer.from("Oops"), inTree)).toBeNull();
  });
});

const shop: Files = {
  "package.json": JSON.stringify({ scripts: { lint: "eslint . -f unix && tsc" } }),
  "a b's.js": "x",
  "c.py": "y",
  "README.md": "z",
  "d.rs": "",
};

/** What is run in one call, as the sandbox gets it. */
async function linesOf(commands: Readonly<Record<string, string>>, answer: Answer, paths: readonly string[]) {
  const { sandbox, requests } = fakeSandbox(() => answer);
  const suite = await open(sandbox, { base: shop }, { lint: "", ...commands });
  const formatted = await suite.format("base", paths);
  return { formatted, request: requests[0], script: scriptOf(requests[0]) };
}

function scriptOf(request: SandboxRequest | undefined): string {
  return request?.argv[2] ?? "";
}

describe("lint and typecheck", () => {
  test("eslint is asked for a report that a machine reads; what stands beside it is kept", async () => {
    const lint = JSON.stringify([
      { filePath: "/project/a b's.js", messages: [{ severity: 2, line: 1, ruleId: null, message: "no" }] },
    ]);
    const { sandbox, requests } = fakeSandbox(() => ({ code: 1, reports: { "lint.json": lint } }));
    const ran = await (await open(sandbox, { base: shop })).lint("base");
    expect(scriptOf(requests[0])).toMatch(/eslint \. -f json -o \/reports\/lint\.json && tsc \)$/);
    expect(ran).toMatchObject({
      run: { status: "failed", output: "a b's.js:1: no" },
      complaints: [{ path: "a b's.js", line: 1, message: "no" }],
    });
  });

  test("another linter is run as it is, and not left out", async () => {
    const { sandbox, requests } = fakeSandbox(() => ({}));
    const ran = await (
      await open(sandbox, { base: shop }, { lint: "stylelint . && prettier --check ." })
    ).lint("base");
    expect(scriptOf(requests[0])).toMatch(/\nstylelint \. && prettier --check \.$/);
    expect(ran?.run.status).toBe("passed");
  });

  test("a check of form is asked as well, unless it writes", async () => {
    const linesIn = async (commands: Readonly<Record<string, string>>) => {
      const { sandbox, requests } = fakeSandbox(() => ({}));
      const ran = await (await open(sandbox, { base: shop }, { lint: "", ...commands })).lint("base");
      return ran === null ? null : requests.map((request) => scriptOf(request).split("\n").at(-1));
    };
    expect(await linesIn({ format: "prettier --check ." })).toEqual(["prettier --check ."]);
    expect(await linesIn({ lint: "ruff check .", format: "ruff format --check" })).toEqual([
      "ruff check .",
      "ruff format --check",
    ]);
    for (const format of ["prettier --write .", "prettier -c -w .", "black .", "make form"])
      expect(await linesIn({ format })).toBeNull();
    const { sandbox } = fakeSandbox(() => ({ code: 1, stdout: "[warn] c.py\n[warn] Run it.\n" }));
    const manifest = JSON.stringify({ scripts: { "format:check": "prettier --check ." } });
    const suite = await open(sandbox, { base: { "package.json": manifest, "c.py": "" } });
    expect((await suite.lint("base"))?.complaints).toEqual([
      { path: "c.py", line: 0, message: "It is not in form." },
    ]);
  });

  test("a program that is not there says what to do", async () => {
    const { sandbox } = fakeSandbox(() => ({ code: 127, stderr: "sh: 1: eslint: not found" }));
    const ran = await (await open(sandbox, { base: shop })).lint("base");
    expect(ran?.run).toMatchObject({ status: "stopped" });
    expect(ran?.run.trouble).toMatch(/the program eslint is not in the sandbox: add it to the dependencies/);
  });

  test("a type check's errors with their places", async () => {
    const { sandbox } = fakeSandbox(() => ({ code: 2, stdout: "c.py:3: error: Bad" }));
    const ran = await (await open(sandbox, { base: shop }, { typecheck: "mypy ." })).typecheck("base");
    expect(ran?.complaints).toEqual([{ path: "c.py", line: 3, message: "error: Bad" }]);
  });
});

describe("format", () => {
  const both = ["a b's.js", "c.py"];

  test.each([
    [
      "prettier --check . --config x.json",
      "prettier --config x.json --write --ignore-unknown 'a b'\\''s.js' c.py",
    ],
    ["npx prettier -l src", "prettier --write --ignore-unknown 'a b'\\''s.js' c.py"],
    ["biome ci --reporter github .", "biome check --write 'a b'\\''s.js'"],
    ["ruff format --check .", "ruff format --force-exclude c.py"],
    ["poetry run python3 -m black --check -l 100 src", "python3 -m black -l 100 c.py"],
    ["eslint --ext .ts src", "eslint --ext .ts --fix 'a b'\\''s.js'"],
    ["make form", "make form"],
  ])("%s", async (format, expected) => {
    const { script } = await linesOf({ format }, {}, both);
    expect(script.split("\n")).toContain(expected);
  });

  test("the linter's fixer comes first; a tool that takes none of the paths is left out", async () => {
    const lines = (await linesOf({ lint: "ruff check .", format: "prettier -c ." }, {}, both)).script.split(
      "\n",
    );
    expect(lines.indexOf("ruff check --fix --force-exclude c.py")).toBeGreaterThan(0);
    expect(lines.indexOf("prettier --write --ignore-unknown 'a b'\\''s.js' c.py")).toBeGreaterThan(
      lines.indexOf("ruff check --fix --force-exclude c.py"),
    );
    expect((await linesOf({ format: "gofmt -l ." }, {}, both)).request).toBeUndefined();
    expect((await linesOf({ lint: "stylelint .", format: "" }, {}, both)).request).toBeUndefined();
  });

  test("cargo fmt takes no paths, and is declared those of the request", async () => {
    const { script, request } = await linesOf({ format: "cargo fmt -- --check" }, {}, ["d.rs", "gone.rs"]);
    expect(script.split("\n")).toContain("cargo fmt");
    expect(request?.returns).toEqual(["d.rs"]);
  });

  test("texts that changed come back, and how each command ended", async () => {
    const answer: Answer = {
      returned: { "a b's.js": "formed", "c.py": "y", "README.md": "never asked for" },
      reports: {
        "format-0.status": "127\n",
        "format-0.txt": "sh: 1: ruff: not found\n",
        "format-1.status": "0\n",
        "format-1.txt": "a 1ms",
      },
    };
    const { formatted, request } = await linesOf(
      { lint: "ruff check .", format: "prettier -c ." },
      answer,
      both,
    );
    expect(request?.returns).toEqual(both);
    expect([...formatted.changed]).toEqual([["a b's.js", "formed"]]);
    expect(formatted.runs.map(({ name, command, status }) => [name, command, status])).toEqual([
      ["lint", "ruff check .", "stopped"],
      ["format", "prettier -c .", "passed"],
    ]);
    expect(formatted.runs[0]?.trouble).toContain("the program ruff is not in the sandbox");
  });

  test("nothing is taken of a run that a limit ended", async () => {
    const answer: Answer = { ended: { kind: "limit", limit: "wall" }, returned: { "c.py": "half" } };
    const { formatted } = await linesOf({ format: "black ." }, answer, both);
    expect([formatted.changed.size, formatted.runs[0]?.status]).toEqual([0, "stopped"]);
  });

  test("without a check of form, a script that writes is used, or prettier where it is set up", async () => {
    const formed = async (manifest: object, more: Files = {}) => {
      const { sandbox, requests } = fakeSandbox(() => ({}));
      const suite = await open(sandbox, {
        base: { "package.json": JSON.stringify(manifest), "a.js": "", ...more },
      });
      await suite.format("base", ["a.js"]);
      return scriptOf(requests[0]).split("\n");
    };
    const line = "prettier --write --ignore-unknown a.js";
    expect(await formed({ scripts: { format: "prettier --write src" } })).toContain(line);
    expect(
      await formed({ scripts: {}, devDependencies: { prettier: "3" } }, { ".prettierrc": "" }),
    ).toContain(line);
    expect(await formed({ scripts: {}, devDependencies: { prettier: "3" } })).toEqual([""]);
  });
});
