// A local registry of crates (a sparse index), wheels (a simple index) and Go modules (a module proxy) for tests: the same packages for each.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { zipOf } from "./zip.ts";

export interface NativePackage {
  /** Four or more lower-case letters, for the sparse index has other places for shorter names. */
  readonly name: string;
  readonly version: string;
  /** Names of packages, each wanted at 1.0.0 or any later 1.x. */
  readonly dependencies?: readonly string[];
}

export interface NativeRegistry {
  /** "127.0.0.1:PORT", as an entry of the hosts that an install may reach. */
  readonly host: string;
  /** "sparse+http://…/", as `registry` of a cargo source. */
  readonly crates: string;
  /** "http://…/simple/", as an index of pip and uv. */
  readonly wheels: string;
  /** "http://0.0.0.0:PORT/go", as GOPROXY: Go asks no proxy for what it sees to be on the machine itself. Modules are `example.org/NAME`. */
  readonly modules: string;
  /** "0.0.0.0:PORT", for `modules` what `host` is for the others. */
  readonly modulesHost: string;
  readonly close: () => Promise<void>;
}

/** Each package exports one thing, `version`: a function in Rust, a name in Python, a constant in Go (`Version`). */
export async function startNativeRegistry(packages: readonly NativePackage[]): Promise<NativeRegistry> {
  const work = await mkdtemp(join(tmpdir(), "errand-native-"));
  const crates = new Map<NativePackage, Buffer>();
  for (const one of packages) crates.set(one, await crateOf(one, work));
  const answers = new Map<string, Buffer | string>();
  const server = createServer((request, response) => {
    const found = answers.get(new URL(request.url ?? "/", "http://registry").pathname);
    const type = request.url?.startsWith("/simple/") === true ? "text/html" : "application/octet-stream";
    response.writeHead(found === undefined ? 404 : 200, { "content-type": type }).end(found ?? "not found");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  for (const [path, body] of [
    ...cratesAnswers(host, crates),
    ...wheelsAnswers(packages),
    ...modulesAnswers(packages),
  ])
    answers.set(path, body);
  return {
    host,
    crates: `sparse+http://${host}/index/`,
    wheels: `http://${host}/simple/`,
    modules: `http://0.0.0.0:${port}/go`,
    modulesHost: `0.0.0.0:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(work, { recursive: true, force: true });
    },
  };
}

type Answer = readonly [path: string, body: Buffer | string];

async function crateOf({ name, version, dependencies = [] }: NativePackage, work: string): Promise<Buffer> {
  const folder = `${name}-${version}`;
  const wanted = dependencies.map((one) => `${one} = "1"\n`).join("");
  const files = {
    "Cargo.toml": `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n\n[dependencies]\n${wanted}`,
    "src/lib.rs": `pub fn version() -> &'static str {\n    "${version}"\n}\n`,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(work, folder, path)), { recursive: true });
    await writeFile(join(work, folder, path), text);
  }
  const target = join(work, `${folder}.crate`);
  const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  await promisify(execFile)("tar", ["-czf", target, ...reproducible, "-C", work, folder]);
  return await readFile(target);
}

function cratesAnswers(host: string, crates: ReadonlyMap<NativePackage, Buffer>): Answer[] {
  const index = new Map<string, string>();
  const files: Answer[] = [];
  for (const [{ name, version, dependencies = [] }, bytes] of crates) {
    const common = { features: [], optional: false, default_features: true, target: null, kind: "normal" };
    const line = JSON.stringify({
      name,
      vers: version,
      deps: dependencies.map((one) => ({ name: one, req: "^1", ...common })),
      cksum: sha256(bytes),
      features: {},
      yanked: false,
    });
    const path = `/index/${name.slice(0, 2)}/${name.slice(2, 4)}/${name}`;
    index.set(path, `${index.get(path) ?? ""}${line}\n`);
    files.push([`/crates/${name}/${version}/download`, bytes]);
  }
  return [["/index/config.json", JSON.stringify({ dl: `http://${host}/crates` })], ...index, ...files];
}

function wheelsAnswers(packages: readonly NativePackage[]): Answer[] {
  const pages = new Map<string, string>();
  const files: Answer[] = [];
  for (const { name, version, dependencies = [] } of packages) {
    const info = `${name}-${version}.dist-info`;
    const wanted = dependencies.map((one) => `Requires-Dist: ${one}>=1\n`).join("");
    const contents = {
      [`${name}/__init__.py`]: `version = "${version}"\n`,
      [`${info}/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${wanted}`,
      [`${info}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: errand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    };
    const record = [...Object.keys(contents), `${info}/RECORD`].map((path) => `${path},,\n`).join("");
    const wheel = zipOf({ ...contents, [`${info}/RECORD`]: record });
    const file = `${name}-${version}-py3-none-any.whl`;
    files.push([`/files/${file}`, wheel]);
    const page = `/simple/${name}/`;
    const link = `<a href="/files/${file}#sha256=${sha256(wheel)}">${file}</a>\n`;
    pages.set(page, `${pages.get(page) ?? "<!DOCTYPE html>\n"}${link}`);
  }
  return [...pages, ...files];
}

function modulesAnswers(packages: readonly NativePackage[]): Answer[] {
  const lists = new Map<string, string>();
  const files: Answer[] = [];
  for (const { name, version, dependencies = [] } of packages) {
    const module = `example.org/${name}`;
    const wanted = dependencies.map((one) => `require example.org/${one} v1.0.0\n`).join("");
    const manifest = `module ${module}\n\ngo 1.18\n\n${wanted}`;
    const folder = `${module}@v${version}`;
    const zip = zipOf({
      [`${folder}/go.mod`]: manifest,
      [`${folder}/${name}.go`]: `package ${name}\n\nconst Version = "${version}"\n`,
    });
    const versions = `/go/${module}/@v`;
    lists.set(`${versions}/list`, `${lists.get(`${versions}/list`) ?? ""}v${version}\n`);
    files.push(
      [`${versions}/v${version}.info`, JSON.stringify({ Version: `v${version}` })],
      [`${versions}/v${version}.mod`, manifest],
      [`${versions}/v${version}.zip`, zip],
    );
  }
  return [...lists, ...files];
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
