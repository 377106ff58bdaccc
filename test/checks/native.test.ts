// Checks of Go, Rust, Python and jest projects, found, installed and run for real in the sandbox, their dependencies from a registry of this machine.
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { openChecks } from "../../src/checks/open-checks.ts";
import type { CheckRun, Commands } from "../../src/core/checks.ts";
import type { DependencyFolders, Sandbox } from "../../src/core/sandbox.ts";
import { defaultSandboxLimits } from "../../src/core/sandbox-settings.ts";
import { createDependencyFolders } from "../../src/workspace/sandbox/install/folders.ts";
import { installRoad } from "../../src/workspace/sandbox/install/road.ts";
import { startNativeRegistry } from "../support/native-registry.ts";
import type { NativeRegistry } from "../support/native-registry.ts";
import { describeSandboxed } from "../support/sandbox.ts";
import { describeWithTools, toolsFor } from "../support/sandbox-tools.ts";
import { makeDirectory, quiet, readySandbox, settingsFor } from "../workspace/sandbox/driver-support.ts";
import { packageClosure } from "./package-closure.ts";
import { workspaceOf } from "./support.ts";
import type { Files } from "./support.ts";

// Compilers start slowly where the processors are busy.
jest.setTimeout(240_000);

/** Another range than that of other tests of the sandbox, which may run at the same time. */
const user = 737_000;

let registry: NativeRegistry;
let folder: Awaited<ReturnType<typeof makeDirectory>>;
let home: string;

beforeAll(async () => {
  registry = await startNativeRegistry([
    { name: "alpha", version: "1.0.0", dependencies: ["golf"] },
    { name: "golf", version: "1.0.0" },
  ]);
  folder = await makeDirectory();
  home = await mkdtemp(join(tmpdir(), "errand-developer-"));
});
afterAll(async () => {
  await registry.close();
  await folder.remove();
  // Go's cache of modules is read-only.
  await promisify(execFile)("chmod", ["-R", "u+w", home]);
  await rm(home, { recursive: true, force: true });
});

/** A sandbox with these programs; modules of Go come from here. */
async function sandboxWith(
  programs: readonly string[],
  dependencies: DependencyFolders = createDependencyFolders({ directory: folder.directory, log: quiet }),
): Promise<Sandbox> {
  const openRoad = installRoad({
    registries: [registry.host, registry.modulesHost],
    upstream: null,
    certificates: null,
    node: process.execPath,
  });
  const sandbox = await readySandbox(
    settingsFor(folder.directory, { user, tools: toolsFor(programs), limits: defaultSandboxLimits }),
    {
      dependencies,
      openRoad,
    },
  );
  return {
    ...sandbox,
    run: async (request) => {
      const own = request.network === "install" ? { GOPROXY: registry.modules } : {};
      return await sandbox.run({ ...request, environment: { ...request.environment, ...own } });
    },
  };
}

/** What the checks say of each tree, of which the first is the base branch's; all of them for the same changed paths. */
async function checked(
  sandbox: Sandbox,
  trees: readonly [Files, ...Files[]],
  paths: readonly string[],
  commands: Commands = {},
): Promise<CheckRun[]> {
  const named = trees.map((files, at) => [at === 0 ? "base" : `tree ${at}`, files] as const);
  const checks = await openChecks({
    sandbox: { kind: "ready", sandbox },
    workspace: workspaceOf(Object.fromEntries(named)),
    commands,
    repository: "owner/name",
    signal: new AbortController().signal,
    record: () => undefined,
  });
  expect(checks.unavailable).toBeNull();
  const runs: CheckRun[] = [];
  for (const [name] of named) runs.push(await checks.run(name, paths));
  return runs;
}

/** The files, with one that a developer's program makes of them. */
async function withFile(
  made: string,
  line: readonly [string, ...string[]],
  files: Files,
  variables: Files = {},
) {
  const project = await mkdtemp(join(home, "project-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(project, name)), { recursive: true });
    await writeFile(join(project, name), text);
  }
  const [program, ...args] = line;
  const own = toolsFor([program]).flatMap((one) => [join(one, "bin"), one]);
  const PATH = [...own, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
  await promisify(execFile)(program, args, { cwd: project, env: { PATH, HOME: home, ...variables } });
  return { ...files, [made]: await readFile(join(project, made), "utf8") };
}

const said = (run: CheckRun | undefined) =>
  run?.commands.map(
    ({ name, status, trouble }) => `${name} ${status}${trouble === "" ? "" : `: ${trouble}`}`,
  );
const tests = (run: CheckRun | undefined) => run?.tests?.map(({ id, status }) => `${status}: ${id}`).sort();
const lines = (run: CheckRun | undefined, path: string) => [...(run?.coverage?.get(path) ?? [])];
const without = (files: Files, path: string, text: string): Files => ({
  ...files,
  [path]: files[path]?.replace(text, "") ?? "",
});

describeWithTools(["go"], "a Go module", () => {
  it("has its modules, its report, and the lines that both sides' tests run", async () => {
    const source = [
      "package shop",
      "",
      'import "example.org/alpha"',
      "",
      "func Price(name string) int {",
      '\tif name == "tea" {',
      "\t\treturn 3",
      "\t}",
      '\tif name == "milk" {',
      "\t\treturn 2",
      "\t}",
      "\tif alpha.Version == name {",
      "\t\treturn 1",
      "\t}",
      "\treturn 0",
      "}",
      "",
    ].join("\n");
    const test = (name: string, price: number) =>
      `package shop\n\nimport "testing"\n\nfunc Test${name}(t *testing.T) {\n\tif Price("${name.toLowerCase()}") != ${price} {\n\t\tt.Fatal("not ${price}")\n\t}\n}\n`;
    const merged = await withFile(
      "go.sum",
      ["go", "mod", "tidy"],
      {
        "go.mod": "module example.org/shop\n\ngo 1.18\n\nrequire example.org/alpha v1.0.0\n",
        "shop/shop.go": source,
        "shop/tea_test.go": test("Tea", 3),
        "shop/milk_test.go": test("Milk", 2),
      },
      { GOPROXY: registry.modules, GONOSUMDB: "*", GOTOOLCHAIN: "local" },
    );
    const wrong = without(merged, "shop/shop.go", '\tif name == "milk" {\n\t\treturn 2\n\t}\n');
    const broken = without(merged, "shop/shop.go", "name string");
    // Every run compiles the standard library, as no cache is kept: each is made to show as much as it can.
    const sandbox = await sandboxWith(["go"]);
    const [run] = await checked(sandbox, [wrong], ["shop/shop.go"], { typecheck: "" });
    expect(said(run)).toEqual(["test failed"]);
    expect(tests(run)).toEqual([
      "failed: example.org/shop/shop > TestMilk",
      "passed: example.org/shop/shop > TestTea",
    ]);
    expect(lines(run, "shop/shop.go")).toEqual(expect.arrayContaining([5, 6, 7, 9, 12]));
    expect(lines(run, "shop/shop.go")).not.toContain(10);
    const [types] = await checked(sandbox, [broken], ["shop/shop.go"], { test: "" });
    expect(said(types)).toEqual(["typecheck failed"]);
    expect(types?.typeErrors).toEqual([expect.stringContaining("undefined: name")]);
  });
});

describeWithTools(["cargo", "rustc", "cc"], "a crate", () => {
  it("has its crates, and its report test by test", async () => {
    const test = (name: string, price: number) =>
      `#[test]\nfn ${name}() {\n    assert_eq!(shop::price("${name}"), ${price});\n}\n`;
    const merged = await withFile("Cargo.lock", ["cargo", "generate-lockfile"], {
      "Cargo.toml":
        '[package]\nname = "shop"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nalpha = "1"\n',
      ".cargo/config.toml": `[source.crates-io]\nreplace-with = "local"\n\n[source.local]\nregistry = "${registry.crates}"\n`,
      "src/lib.rs": [
        "pub fn price(name: &str) -> u32 {",
        "    match name {",
        '        "tea" => 3,',
        '        "milk" => 2,',
        "        other => u32::from(other == alpha::version()),",
        "    }",
        "}",
        "#[test]",
        "fn inside() {",
        '    assert_eq!(price("1.0.0"), 1);',
        "}",
        "",
      ].join("\n"),
      "tests/tea.rs": test("tea", 3),
      "tests/milk.rs": test("milk", 2),
    });
    const wrong = without(merged, "src/lib.rs", '        "milk" => 2,\n');
    const broken = without(merged, "src/lib.rs", "        other => u32::from(other == alpha::version()),\n");
    const sandbox = await sandboxWith(["cargo", "rustc", "cc"]);
    const [good, bad, worse] = await checked(sandbox, [merged, wrong, broken], ["src/lib.rs"]);
    expect(said(good)).toEqual(["typecheck passed", "test passed"]);
    const names = (milk: string) => [
      `${milk}: milk tests/milk.rs > milk`,
      "passed: shop src/lib.rs > inside",
      "passed: tea tests/tea.rs > tea",
    ];
    expect(tests(good)).toEqual(names("passed").sort());
    expect(said(bad)).toEqual(["typecheck passed", "test failed"]);
    expect(tests(bad)).toEqual(names("failed").sort());
    expect(said(worse)).toEqual(["typecheck failed", "test failed"]);
    expect(worse?.typeErrors).toEqual([expect.stringContaining("non-exhaustive patterns")]);
  });
});

const pythonShop: Files = {
  "shop/__init__.py": "",
  "shop/price.py":
    "import alpha\n\ndef price(name):\n    if name == 'tea':\n        return 3\n    if name == 'milk':\n        return 2\n    if name == alpha.version:\n        return 1\n    return 0\n",
};
const unittestOf = (name: string, price: number) =>
  `import unittest\nfrom shop.price import price\n\nclass Prices(unittest.TestCase):\n    def test_${name}(self):\n        self.assertEqual(price("${name}"), ${price})\n`;
const unittests = {
  "tests/__init__.py": "",
  "tests/test_tea.py": unittestOf("tea", 3),
  "tests/test_milk.py": unittestOf("milk", 2),
};
const milk = "    if name == 'milk':\n        return 2\n";

describeWithTools(["python3"], "a Python project with requirements.txt", () => {
  it("has its packages, and is judged by the exit status of unittest", async () => {
    const merged = {
      ...pythonShop,
      ...unittests,
      "requirements.txt": `--index-url ${registry.wheels}\nalpha==1.0.0\n`,
    };
    const sandbox = await sandboxWith(["python3"]);
    const [good, bad] = await checked(
      sandbox,
      [merged, without(merged, "shop/price.py", milk)],
      ["shop/price.py"],
    );
    expect(said(good)).toEqual(["test passed"]);
    expect(said(bad)).toEqual(["test failed"]);
    expect(bad?.commands[0]?.output).toContain("test_milk");
  });
});

describeWithTools(["uv", "python3"], "a Python project with uv.lock", () => {
  it("has its packages, and is judged by the exit status of unittest", async () => {
    const merged = await withFile("uv.lock", ["uv", "lock"], {
      ...pythonShop,
      ...unittests,
      "pyproject.toml": `[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.8"\ndependencies = ["alpha>=1"]\n\n[[tool.uv.index]]\nurl = "${registry.wheels}"\ndefault = true\n`,
    });
    const sandbox = await sandboxWith(["uv", "python3"]);
    const [good, bad] = await checked(
      sandbox,
      [merged, without(merged, "shop/price.py", milk)],
      ["shop/price.py"],
    );
    expect(said(good)).toEqual(["test passed"]);
    expect(said(bad)).toEqual(["test failed"]);
    expect(bad?.commands[0]?.output).toContain("test_milk");
  });
});

describeWithTools(["pytest", "python3"], "a Python project with pytest", () => {
  it("has its report, and the lines that both sides' tests run", async () => {
    const test = (name: string, price: number) =>
      `from shop.price import price\n\ndef test_${name}():\n    assert price("${name}") == ${price}\n`;
    const merged = {
      "shop/__init__.py": "",
      "shop/price.py":
        without(pythonShop, "shop/price.py", "import alpha\n")["shop/price.py"]?.replace(
          "alpha.version",
          "'1.0.0'",
        ) ?? "",
      "pytest.ini": "[pytest]\n",
      "tests/test_tea.py": test("tea", 3),
      "tests/test_milk.py": test("milk", 2),
    };
    const sandbox = await sandboxWith(["pytest", "python3"]);
    const [good, bad] = await checked(
      sandbox,
      [merged, without(merged, "shop/price.py", milk)],
      ["shop/price.py"],
    );
    expect(said(good)).toEqual(["test passed"]);
    expect(tests(good)).toEqual([
      "passed: tests/test_milk.py > test_milk",
      "passed: tests/test_tea.py > test_tea",
    ]);
    expect(lines(good, "shop/price.py")).toEqual([2, 3, 4, 5, 6]);
    expect(said(bad)).toEqual(["test failed"]);
    expect(tests(bad)).toEqual([
      "failed: tests/test_milk.py > test_milk",
      "passed: tests/test_tea.py > test_tea",
    ]);
  });
});

describeSandboxed("a project with jest", () => {
  it("has its report, and the lines that both sides' tests run", async () => {
    const filled = await mkdtemp(join(folder.directory, "jest-"));
    const names = await packageClosure("jest", process.cwd());
    const modules = join(filled, "project", "node_modules");
    for (const name of names)
      await cp(join(process.cwd(), "node_modules", name), join(modules, name), {
        recursive: true,
        dereference: false,
      });
    await mkdir(join(modules, ".cache"));
    await mkdir(join(modules, ".bin"));
    await symlink("../jest/bin/jest.js", join(modules, ".bin", "jest"));
    await writeFile(
      join(filled, "mounts.json"),
      JSON.stringify([{ from: "project/node_modules", to: "node_modules" }]),
    );
    await promisify(execFile)("chmod", ["-R", "a+rX", filled]);
    const sandbox = await sandboxWith([], {
      find: () => Promise.resolve(filled),
      fill: () => Promise.reject(new Error("There is nothing to install.")),
    });
    const test = (name: string, price: number) =>
      `const { price } = require("../src/price");\ntest("${name}", () => expect(price("${name}")).toBe(${price}));\n`;
    const merged = {
      "package.json": JSON.stringify({
        name: "shop",
        scripts: { test: "jest" },
        devDependencies: { jest: "*" },
      }),
      "package-lock.json": JSON.stringify({ name: "shop", lockfileVersion: 3, packages: { "": {} } }),
      "src/price.js":
        'exports.price = (name) => {\n  if (name === "tea") {\n    return 3;\n  }\n  if (name === "milk") {\n    return 2;\n  }\n  return 0;\n};\n',
      "src/other.js": "exports.other = 1;\n",
      "test/tea.test.js": test("tea", 3),
      "test/milk.test.js": test("milk", 2),
      "test/other.test.js":
        'const { other } = require("../src/other");\ntest("other", () => expect(other).toBe(1));\n',
    };
    const wrong = without(merged, "src/price.js", '  if (name === "milk") {\n    return 2;\n  }\n');
    const [good, bad] = await checked(sandbox, [merged, wrong], ["src/price.js"]);
    expect(said(good)).toEqual(["test passed"]);
    expect(tests(good)).toEqual(["passed: test/milk.test.js > milk", "passed: test/tea.test.js > tea"]);
    expect(lines(good, "src/price.js")).toEqual(expect.arrayContaining([1, 2, 3, 5, 6]));
    expect(lines(good, "src/price.js")).not.toContain(8);
    expect(said(bad)).toEqual(["test failed"]);
    expect(tests(bad)).toEqual(["failed: test/milk.test.js > milk", "passed: test/tea.test.js > tea"]);
  });
});
