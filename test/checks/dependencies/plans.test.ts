// What is installed for a tree: by which tool, in which version, with scripts off, and what decides it.
import { describe, expect, it } from "@jest/globals";
import { mergeEnvironments } from "../../../src/checks/dependencies/types.ts";
import { planOf, plansOf } from "./support.ts";

const manifest = (more: Record<string, unknown> = {}) =>
  JSON.stringify({ dependencies: { left: "1" }, ...more });
const pnpmLock = (version: string) => `lockfileVersion: '${version}'\n`;
const berryLock = (version: number) => `__metadata:\n  version: ${version}\n`;

describe("packages of Node", () => {
  it.each(["package-lock.json", "npm-shrinkwrap.json"])("of %s come by npm ci", async (name) => {
    const plan = await planOf({ "package.json": manifest(), [name]: "{}" });
    expect(plan).toMatchObject({ tool: "npm", folder: "", lockfile: name, scope: "files" });
    expect(plan.line).toMatch(/^npm ci --ignore-scripts /);
    expect(plan.files).toEqual(["package.json", name].sort());
  });

  it.each([
    ["what the project names", { packageManager: "pnpm@9.15.4+sha512.abc" }, "9.0", "pnpm@9.15.4 "],
    ["what wrote the lockfile of version 9", {}, "9.0", "pnpm@10 "],
    ["what wrote the lockfile of version 6", {}, "6.0", "pnpm@8 "],
    ["what wrote the lockfile of version 5", {}, "5.4", "pnpm@7 "],
    ["no version that is none", { packageManager: "pnpm@$(id)" }, "9.0", "pnpm@10 "],
    ["no other tool's version", { packageManager: "yarn@4.1.0" }, "9.0", "pnpm@10 "],
  ])("of pnpm come by %s", async (_what, more, version, spec) => {
    const plan = await planOf({ "package.json": manifest(more), "pnpm-lock.yaml": pnpmLock(version) });
    expect(plan.tool).toBe("pnpm");
    expect(plan.line).toContain(spec);
    expect(plan.line).toContain("/pnpm install --frozen-lockfile --ignore-scripts");
    expect(plan.later).toMatchObject({ PATH: "/dependencies/tools/node_modules/.bin" });
  });

  it.each([
    ["classic", "# yarn lockfile v1\n", {}, ["yarn@1.22.22 ", "--frozen-lockfile --ignore-scripts"]],
    ["2", berryLock(4), {}, ["@yarnpkg/cli-dist@2 ", "--immutable --skip-builds"]],
    ["3", berryLock(6), {}, ["@yarnpkg/cli-dist@3 ", "--immutable --mode=skip-build"]],
    ["4", berryLock(8), {}, ["@yarnpkg/cli-dist@4 ", "--immutable --mode=skip-build"]],
    ["4, named", berryLock(8), { packageManager: "yarn@4.5.1" }, ["cli-dist@4.5.1 ", "--mode=skip-build"]],
  ])("of yarn %s come by that", async (_what, lock, more, words) => {
    const plan = await planOf({ "package.json": manifest(more), "yarn.lock": lock });
    expect(plan.tool).toBe("yarn");
    for (const word of words) expect(plan.line).toContain(word);
    expect(plan.environment).toMatchObject({ YARN_IGNORE_PATH: "1" });
  });

  it("of Plug'n'Play are installed as folders", async () => {
    const plan = await planOf({ "package.json": manifest(), "yarn.lock": berryLock(8), ".pnp.cjs": "" });
    expect(plan.later).toMatchObject({ YARN_NODE_LINKER: "node-modules" });
  });

  it("come by the tool that the project names, else by the one that it moved to", async () => {
    const both = { "package-lock.json": "{}", "pnpm-lock.yaml": pnpmLock("9.0") };
    expect((await planOf({ ...both, "package.json": manifest() })).tool).toBe("pnpm");
    const named = manifest({ packageManager: "npm@10.9.0" });
    expect((await planOf({ ...both, "package.json": named })).tool).toBe("npm");
  });

  it("are decided by every manifest, setting and patch, and by no source", async () => {
    const plan = await planOf({
      "package.json": manifest(),
      "package-lock.json": "{}",
      ".npmrc": "registry=https://registry.npmjs.org/\n",
      "packages/a/package.json": "{}",
      "packages/a/src/index.ts": "",
      "patches/left.patch": "",
      "node_modules/x/package.json": "{}",
    });
    expect(plan.files).toEqual(
      [".npmrc", "package-lock.json", "package.json", "packages/a/package.json", "patches/left.patch"].sort(),
    );
    expect(plan.scope).toBe("files");
  });

  it.each([
    ["a file that pnpm runs", { "pnpm-lock.yaml": pnpmLock("9.0"), ".pnpmfile.cjs": "" }],
    ["a plugin of yarn", { "yarn.lock": berryLock(8), ".yarn/plugins/x.cjs": "" }],
    ["a setting that names a program", { "package-lock.json": "{}", ".npmrc": "git = ./evil\n" }],
    [
      "a setting that loads a file",
      { "package-lock.json": "{}", ".npmrc": "node-options=--require ./evil.js" },
    ],
    [
      "a setting behind another kind of line's end",
      { "package-lock.json": "{}", ".npmrc": "# x\rnode-options=--require ./evil.js" },
    ],
    [
      "a plugin of yarn that lies elsewhere",
      { "yarn.lock": berryLock(8), ".yarnrc.yml": "plugins:\n  - path: tools/x.cjs\n" },
    ],
    [
      "a file for pnpm that its settings name",
      { "pnpm-lock.yaml": pnpmLock("9.0"), "pnpm-workspace.yaml": "pnpmfile: tools/x.cjs\n" },
    ],
    ["a package that is copied from the tree", { "package-lock.json": '{"x": "file:lib"}' }],
    ["one that yarn 1 copies", { "yarn.lock": '# yarn lockfile v1\n"x@./lib":\n' }],
    [
      "a folder that pnpm copies",
      { "pnpm-lock.yaml": `${pnpmLock("9.0")}x: {directory: lib, type: directory}` },
    ],
  ])("belong to one tree with %s", async (_what, files) => {
    expect((await planOf({ "package.json": manifest(), ...files })).scope).toBe("tree");
  });

  it("are decided by settings in the folders above, too", async () => {
    const plan = await planOf({
      "web/package.json": manifest(),
      "web/pnpm-lock.yaml": pnpmLock("9.0"),
      "pnpm-workspace.yaml": "",
      ".pnpmfile.cjs": "",
      "other/.npmrc": "",
    });
    expect([...plan.files].sort()).toEqual([
      ".pnpmfile.cjs",
      "pnpm-workspace.yaml",
      "web/package.json",
      "web/pnpm-lock.yaml",
    ]);
    expect(plan.scope).toBe("tree");
  });

  it("that nothing can be installed for are named, with what to do", async () => {
    expect((await plansOf({ "package.json": manifest() })).left).toEqual([
      "package.json has no lockfile beside it, so nothing was installed for it: commit one (npm install writes package-lock.json).",
    ]);
    const bun = await plansOf({ "package.json": manifest(), "bun.lock": "" });
    expect(bun.left).toEqual([expect.stringContaining("bun.lock is Bun's")]);
    expect(await plansOf({ "package.json": "{}" })).toEqual({ plans: [], left: [] });
    expect(await plansOf({ "package.json": "not json", "package-lock.json": "{}" })).toEqual({
      plans: [],
      left: [],
    });
  });
});

describe("packages of Python", () => {
  it("of uv come without builds, into the project's environment", async () => {
    const plan = await planOf({
      "pyproject.toml": "",
      "uv.lock": "",
      "src/app/__init__.py": "",
      "requirements.txt": "",
    });
    expect(plan).toMatchObject({ tool: "uv", lockfile: "uv.lock", scope: "files" });
    expect(plan.line).toContain("uv sync --frozen --no-build --no-install-workspace");
    expect(plan.later).toMatchObject({
      PATH: "/project/.venv/bin:/dependencies/uv/bin",
      PYTHONPATH: "/project/src:/project",
      UV_NO_SYNC: "1",
    });
  });

  it("of requirements come as wheels, of the tests' too, and follow what they name", async () => {
    const plan = await planOf({
      "requirements.txt": "-c pins/all.txt\nflask==3.0\n",
      "requirements-dev.txt": "-r requirements.txt\npytest\n",
      "requirements-docs.txt": "sphinx\n",
      "pins/all.txt": "click==8\n",
    });
    expect(plan.line).toContain("--only-binary :all: -r requirements-dev.txt -r requirements.txt");
    expect(plan.line).not.toContain("docs");
    expect([...plan.files].sort()).toEqual(["pins/all.txt", "requirements-dev.txt", "requirements.txt"]);
    expect(plan.scope).toBe("files");
    expect(plan.later).toMatchObject({ PATH: "/dependencies/venv/bin" });
  });

  it.each([
    "flask==3.0 ; python_version > '3.8' # why",
    "flask[async] >= 3, < 4 --hash=sha256:ab",
    "flask==3.0 \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd",
    "--index-url https://pypi.org/simple",
    "x @ https://files.pythonhosted.org/x-1-py3-none-any.whl ; os_name == 'posix'",
  ])("belong to all trees with %j", async (line) => {
    expect((await planOf({ "requirements.txt": `${line}\n` })).scope).toBe("files");
  });

  it("of more files than are read are not installed", async () => {
    const chain = Array.from({ length: 21 }, (_, n) => [`r${n}.txt`, `-r r${n + 1}.txt\n`] as const);
    const files = { ...Object.fromEntries(chain), "r21.txt": "flask\n", "requirements.txt": "-r r0.txt\n" };
    expect((await plansOf(files)).plans).toEqual([]);
  });

  it("come by a Python that takes no module of the tree for one of its own", async () => {
    for (const files of [{ "requirements.txt": "flask\n" }, { "pyproject.toml": "", "uv.lock": "" }])
      expect((await planOf(files)).line).not.toMatch(/python3 (?!-I )/);
  });

  it.each([
    "-e .",
    "./lib",
    "-e git+https://github.com/x/y",
    "x @ file:///project/lib",
    "/project/lib",
    "--find-links wheels",
    "wheels/x-1-py3-none-any.whl",
    "x-1-py3-none-any.whl",
    "-r \\\nother.txt",
    "--requ other.txt",
    "flask\u000c-e .",
    "-r missing.txt",
    "--no-binary :all:",
  ])("are not installed with %j, which may run code", async (line) => {
    const { plans, left } = await plansOf({ "requirements.txt": `${line}\n` });
    expect(plans).toEqual([]);
    expect(left).toEqual([expect.stringContaining("requirements.txt was not installed")]);
  });

  it("of a second folder are left: its install would start the packages of the first", async () => {
    const { plans, left } = await plansOf({ "a/requirements.txt": "flask\n", "b/requirements.txt": "six\n" });
    expect(plans.map(({ lockfile }) => lockfile)).toEqual(["a/requirements.txt"]);
    expect(left).toEqual([expect.stringContaining("b/requirements.txt was not installed")]);
  });

  it.each([
    ["poetry.lock", "Poetry"],
    ["Pipfile.lock", "Pipenv"],
  ])("of %s are left, with what to do", async (name, tool) => {
    const { plans, left } = await plansOf({ "pyproject.toml": "", [name]: "" });
    expect(plans).toEqual([]);
    expect(left).toEqual([
      `${name} is ${tool}'s, which Errand does not install with: commit a uv.lock or a requirements.txt with what the tests need.`,
    ]);
  });
});

describe("Go and Rust", () => {
  it("modules are downloaded, and then taken from there alone", async () => {
    const plan = await planOf({ "go.mod": "", "go.sum": "", "cmd/go.mod": "", "cmd/main.go": "" });
    expect(plan).toMatchObject({
      tool: "go",
      line: "go mod download",
      files: ["cmd/go.mod", "go.mod", "go.sum"],
    });
    expect(plan.later).toEqual({
      GOMODCACHE: "/dependencies/go/mod",
      GOPROXY: "off",
      GOTOOLCHAIN: "local",
      GOFLAGS: "-mod=mod",
    });
  });

  it("modules that are in the tree, and a module without any, want no install", async () => {
    expect((await plansOf({ "go.mod": "", "go.sum": "", "vendor/modules.txt": "" })).plans).toEqual([]);
    expect((await plansOf({ "go.mod": "" })).plans).toEqual([]);
  });

  it("crates are fetched as the lockfile says", async () => {
    const plan = await planOf({ "Cargo.toml": "", "Cargo.lock": "", "crates/a/Cargo.toml": "" });
    expect(plan).toMatchObject({ tool: "cargo", line: "cargo fetch --locked", scope: "files" });
    expect(plan.later).toEqual({ CARGO_HOME: "/dependencies/cargo", CARGO_NET_OFFLINE: "true" });
    const withSettings = await planOf({ "Cargo.lock": "", ".cargo/config.toml": "" });
    expect(withSettings).toMatchObject({ scope: "tree", files: ["Cargo.lock", ".cargo/config.toml"] });
    const toolchain = (text: string) => ({ "rust/Cargo.lock": "", "rust-toolchain.toml": text });
    expect(await planOf(toolchain('channel = "1.80"'))).toMatchObject({ scope: "files" });
    expect(await planOf(toolchain('path = "evil"'))).toMatchObject({ scope: "tree" });
    expect((await plansOf({ "Cargo.toml": "" })).left).toEqual([
      expect.stringContaining("has no Cargo.lock"),
    ]);
  });
});

describe("folders", () => {
  it("with lockfiles of their own are installed each, samples and what lies within another are not", async () => {
    const { plans } = await plansOf({
      "web/package.json": manifest(),
      "web/package-lock.json": "{}",
      "web/packages/a/package.json": manifest(),
      "web/packages/a/package-lock.json": "{}",
      "api/go.mod": "",
      "api/go.sum": "",
      "examples/x/package.json": manifest(),
      "examples/x/package-lock.json": "{}",
    });
    expect(plans.map(({ tool, folder }) => [tool, folder])).toEqual([
      ["npm", "web"],
      ["go", "api"],
    ]);
  });

  it("have their environments joined where they are lists", () => {
    const [one, other] = [
      { PATH: "/a", GOPROXY: "off", PYTHONPATH: "/p" },
      { PATH: "/b", GOPROXY: "off", PYTHONPATH: "/p" },
    ];
    expect(mergeEnvironments([one, other])).toEqual({ PATH: "/a:/b", GOPROXY: "off", PYTHONPATH: "/p" });
  });
});
