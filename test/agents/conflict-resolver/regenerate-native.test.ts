// Cargo.lock and uv.lock, written anew by cargo and uv themselves in the real sandbox, from a registry of this machine.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Sandbox } from "../../../src/core/sandbox.ts";
import { installRoad } from "../../../src/workspace/sandbox/install/road.ts";
import { startNativeRegistry } from "../../support/native-registry.ts";
import type { NativeRegistry } from "../../support/native-registry.ts";
import { describeWithTools, toolsFor } from "../../support/sandbox-tools.ts";
import { createFixture } from "../../workspace/fixture.ts";
import type { Fixture } from "../../workspace/fixture.ts";
import { makeDirectory, readySandbox, settingsFor } from "../../workspace/sandbox/driver-support.ts";
import { regenerate } from "./regenerate-merge.ts";
import type { Files } from "./regenerate-merge.ts";

jest.setTimeout(120_000);

/** Another range than that of other tests of the sandbox, which may run at the same time. */
const user = 735_000;
/** Names to the ranges that are asked for: "1" for any 1.x, "=1.1.0" for one version. */
type Wanted = Readonly<Record<string, string>>;

interface Tool {
  readonly programs: readonly string[];
  readonly path: string;
  readonly manifestPath: string;
  readonly manifest: (name: string, wanted: Wanted) => string;
  /** Of the whole project, where it has members in `one` and `two`. */
  readonly workspace: string;
  readonly settings: (registry: NativeRegistry) => Files;
  /** What a developer runs. */
  readonly lock: readonly [string, ...string[]];
  /** The lockfile, as if a range had been asked for where it was one version. */
  readonly widened: (lock: string, name: string) => string;
}

const tools: Readonly<Record<string, Tool>> = {
  cargo: {
    programs: ["cargo", "rustc"],
    path: "Cargo.lock",
    manifestPath: "Cargo.toml",
    manifest: (name, wanted) =>
      [
        `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\npath = "lib.rs"\n\n[dependencies]`,
        ...Object.entries(wanted).map(([one, range]) => `${one} = "${range}"`),
        "",
      ].join("\n"),
    workspace: '[workspace]\nresolver = "2"\nmembers = ["one", "two"]\n',
    settings: ({ crates }) => ({
      ".cargo/config.toml": `[source.crates-io]\nreplace-with = "local"\n\n[source.local]\nregistry = "${crates}"\n`,
      "lib.rs": "",
      "one/lib.rs": "",
      "two/lib.rs": "",
    }),
    lock: ["cargo", "generate-lockfile"],
    // It does not say what was asked for.
    widened: (lock) => lock,
  },
  uv: {
    programs: ["uv", "python3"],
    path: "uv.lock",
    manifestPath: "pyproject.toml",
    manifest: (name, wanted) =>
      [
        `[project]\nname = "${name}"\nversion = "0.1.0"\nrequires-python = ">=3.8"\ndependencies = [`,
        ...Object.entries(wanted).map(([one, range]) => `  "${one}${range === "1" ? ">=1" : `=${range}`}",`),
        "]\n",
      ].join("\n"),
    workspace: '[tool.uv.workspace]\nmembers = ["one", "two"]\n',
    settings: ({ wheels }) => ({ "uv.toml": `[[index]]\nurl = "${wheels}"\ndefault = true\n` }),
    lock: ["uv", "lock"],
    widened: (lock, name) =>
      lock.replace(
        new RegExp(`name = "${name}", specifier = "==[^"]+"`),
        `name = "${name}", specifier = ">=1"`,
      ),
  },
};

const packages = ["1.0.0", "1.1.0", "1.2.0", "1.3.0"].flatMap((version) => [
  { name: "alpha", version, dependencies: ["golf"] },
  { name: "golf", version },
]);
const single = ["bravo", "charlie", "delta"].map((name) => ({ name, version: "1.0.0" }));

const versionOf = (lock: string, name: string): string | null =>
  new RegExp(`name = "${name}"\nversion = "([^"]+)"`).exec(lock)?.[1] ?? null;

describe.each(Object.entries(tools))("%s", (_, tool) => {
  const { path, programs, manifestPath, manifest, settings, lock, widened } = tool;

  describeWithTools(programs, `${path} written anew`, () => {
    let registry: NativeRegistry;
    let fixture: Fixture;
    let sandbox: Sandbox;
    let folder: Awaited<ReturnType<typeof makeDirectory>>;
    let home: string;

    beforeAll(async () => {
      registry = await startNativeRegistry([...packages, ...single]);
      folder = await makeDirectory();
      home = await mkdtemp(join(tmpdir(), "errand-developer-"));
      const openRoad = installRoad({
        registries: [registry.host],
        upstream: null,
        certificates: null,
        node: process.execPath,
      });
      sandbox = await readySandbox(settingsFor(folder.directory, { user, tools: toolsFor(programs) }), {
        openRoad,
      });
      fixture = await createFixture();
    });
    afterAll(async () => {
      await fixture.close();
      await folder.remove();
      await registry.close();
      await rm(home, { recursive: true, force: true });
    });

    /** The files with the lockfile that a developer would have committed with them. */
    async function locked(files: Files): Promise<Files> {
      const project = await mkdtemp(join(home, "project-"));
      const all = { ...settings(registry), ...files };
      for (const [name, text] of Object.entries(all)) {
        await mkdir(dirname(join(project, name)), { recursive: true });
        await writeFile(join(project, name), text);
      }
      const [program, ...args] = lock;
      const own = toolsFor(programs).flatMap((one) => [join(one, "bin"), one]);
      const PATH = [...own, "/usr/local/bin", "/usr/bin", "/bin"].join(delimiter);
      await promisify(execFile)(program, args, { cwd: project, env: { PATH, HOME: home } });
      return { ...all, [path]: await readFile(join(project, path), "utf8") };
    }

    /** One side: `alpha` asked for at any 1.x and locked at a version, and more. */
    async function side(alpha: string, more: Wanted): Promise<Files> {
      const files = await locked({ [manifestPath]: manifest("shop", { alpha: `=${alpha}`, ...more }) });
      return {
        ...files,
        [manifestPath]: manifest("shop", { alpha: "1", ...more }),
        [path]: widened(files[path] ?? "", "alpha"),
      };
    }

    const raised = [
      ["the pull request", ["1.2.0", "1.1.0"]],
      ["the base branch", ["1.1.0", "1.2.0"]],
    ] as const;
    it.each(raised)(
      "has what both sides added, nothing that one took away, and of two raised versions the higher, of %s",
      async (_who, [ours, theirs]) => {
        const [base, one, other] = [
          await side("1.0.0", { charlie: "1" }),
          await side(ours, { bravo: "1", charlie: "1" }),
          await side(theirs, { delta: "1" }),
        ];
        const settled = { [manifestPath]: manifest("shop", { alpha: "1", bravo: "1", delta: "1" }) };
        const merge = { base, ours: one, theirs: other, settled };
        const { result, text } = await regenerate({ sandbox, fixture }, path, merge);
        expect(result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
        const versions = ["alpha", "bravo", "charlie", "delta", "golf"].map((name) => versionOf(text, name));
        // 1.3.0 of alpha is published: nothing is newer than what a side had.
        expect(versions).toEqual(["1.2.0", "1.0.0", null, "1.0.0", "1.3.0"]);
      },
    );

    it("has the version that both sides raised the same package to, and names what is of neither", async () => {
      const merge = {
        base: await side("1.0.0", {}),
        ours: await side("1.1.0", { bravo: "1" }),
        theirs: await side("1.1.0", { charlie: "1" }),
      };
      const all = { bravo: "1", charlie: "1" };
      const same = { ...merge, settled: { [manifestPath]: manifest("shop", { alpha: "1", ...all }) } };
      const kept = await regenerate({ sandbox, fixture }, path, same);
      expect(kept.result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
      expect(versionOf(kept.text, "alpha")).toBe("1.1.0");
      const other = { ...merge, settled: { [manifestPath]: manifest("shop", { alpha: "=1.3.0", ...all }) } };
      const { result } = await regenerate({ sandbox, fixture }, path, other);
      expect(result).toMatchObject({ kind: "written", fromNeither: ["alpha@1.3.0"], lowered: [] });
    });

    it("has what each side added to its own workspace", async () => {
      const files = async (one: Wanted, two: Wanted): Promise<Files> =>
        await locked({
          [manifestPath]: tool.workspace,
          [`one/${manifestPath}`]: manifest("one", one),
          [`two/${manifestPath}`]: manifest("two", two),
        });
      const merge = {
        base: await files({ alpha: "1" }, { alpha: "1" }),
        ours: await files({ alpha: "1", bravo: "1" }, { alpha: "1" }),
        theirs: await files({ alpha: "1" }, { alpha: "1", charlie: "1" }),
        settled: {},
      };
      const { result, text } = await regenerate({ sandbox, fixture }, path, merge, { entries: true });
      expect(result).toMatchObject({ kind: "written", fromNeither: [], lowered: [] });
      expect(["bravo", "charlie"].map((name) => versionOf(text, name))).toEqual(["1.0.0", "1.0.0"]);
    });
  });
});
