// A local npm registry for tests: packages from inline files or from folders, with checksums, and a list of what was asked for.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A package by what it holds. `package.json` is written from the fields. */
interface InlinePackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  /** Contents by path; `index.js` is there without them. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A package as it lies in a folder, for example `node_modules/pnpm`. */
interface FolderPackage {
  readonly folder: string;
}

export type RegistryPackage = InlinePackage | FolderPackage;

export interface Registry {
  /** "http://127.0.0.1:PORT/", as npm's `registry` setting wants it. */
  readonly url: string;
  /** "127.0.0.1:PORT", as an entry of the hosts that an install may reach. */
  readonly host: string;
  /** "METHOD /path" of every request so far. */
  readonly requests: () => readonly string[];
  /** A package's entry in npm's lockfile. Throws where it is not served. */
  readonly lockEntry: (
    name: string,
    version: string,
  ) => Promise<{
    readonly version: string;
    readonly resolved: string;
    readonly integrity: string;
    readonly hasInstallScript?: boolean;
  }>;
  readonly close: () => Promise<void>;
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

interface Served {
  readonly manifest: Manifest;
  readonly file: string;
  readonly tarball: () => Promise<Buffer>;
}

/** Serves the packages on loopback until it is closed. Tarballs are made when they are first asked for. */
export async function startRegistry(options: {
  readonly packages: readonly RegistryPackage[];
}): Promise<Registry> {
  const work = await mkdtemp(join(tmpdir(), "errand-registry-"));
  const served: Served[] = [];
  for (const [index, given] of options.packages.entries()) {
    served.push(await serve(given, join(work, String(index))));
  }
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    answer(served, request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    host: `127.0.0.1:${port}`,
    requests: () => requests,
    lockEntry: async (name, version) => {
      const found = served.find(({ manifest }) => manifest.name === name && manifest.version === version);
      if (found === undefined) throw new Error(`${name}@${version} is not in this registry.`);
      const { dist, hasInstallScript } = await versionOf(`http://127.0.0.1:${port}`, found);
      const { tarball: resolved, integrity } = dist;
      return { version, resolved, integrity, ...(hasInstallScript === true ? { hasInstallScript } : {}) };
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(work, { recursive: true, force: true });
    },
  };
}

async function serve(given: RegistryPackage, work: string): Promise<Served> {
  const folder = "folder" in given ? given.folder : join(work, "package");
  if (!("folder" in given)) await writePackage(given, folder);
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Manifest;
  let made: Promise<Buffer> | undefined;
  return {
    manifest,
    file: `${manifest.name.replace(/^@[^/]*\//, "")}-${manifest.version}.tgz`,
    tarball: () => (made ??= pack(folder, `${work}.tgz`)),
  };
}

async function writePackage({ files, ...manifest }: InlinePackage, folder: string): Promise<void> {
  const contents = {
    "index.js": "module.exports = 1;\n",
    ...files,
    "package.json": JSON.stringify(manifest),
  };
  for (const [path, text] of Object.entries(contents)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text, { mode: text.startsWith("#!") ? 0o755 : 0o644 });
  }
}

/** The same bytes for the same files, so that a lockfile made against one registry holds for the next. */
async function pack(folder: string, target: string): Promise<Buffer> {
  await mkdir(dirname(target), { recursive: true });
  const reproducible = ["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"];
  const inside = ["--exclude=./node_modules", "--transform=s,^\\.,package,"];
  await run("tar", ["-czf", target, ...reproducible, ...inside, "-C", folder, "."]);
  return await readFile(target);
}

async function answer(served: readonly Served[], request: IncomingMessage, response: ServerResponse) {
  const base = `http://${request.headers.host ?? ""}`;
  const path = decodeURIComponent(new URL(request.url ?? "/", base).pathname).slice(1);
  const [name = "", file] = path.split("/-/");
  const versions = served.filter(({ manifest }) => manifest.name === name);
  const found = file === undefined ? versions[0] : versions.find((one) => one.file === file);
  if (found === undefined || request.method !== "GET") {
    response.writeHead(404, { "content-type": "application/json" }).end('{"error":"not found"}');
  } else if (file === undefined) {
    const metadata = JSON.stringify(await metadataOf(base, versions));
    response.writeHead(200, { "content-type": "application/json" }).end(metadata);
  } else {
    response.writeHead(200, { "content-type": "application/octet-stream" }).end(await found.tarball());
  }
}

async function metadataOf(base: string, versions: readonly Served[]) {
  const entries = await Promise.all(
    versions.map(async (one) => [one.manifest.version, await versionOf(base, one)] as const),
  );
  const newest = versions.at(-1)?.manifest;
  const published = "2020-01-01T00:00:00.000Z";
  return {
    name: newest?.name,
    "dist-tags": { latest: newest?.version },
    // Package managers that wait for a version to age are told that these are old.
    time: Object.fromEntries(entries.map(([version]) => [version, published])),
    modified: published,
    versions: Object.fromEntries(entries),
  };
}

async function versionOf(base: string, { manifest, file, tarball }: Served) {
  const bytes = await tarball();
  const scripts = manifest.scripts ?? {};
  const hasInstallScript = ["preinstall", "install", "postinstall"].some((name) => name in scripts);
  return {
    ...manifest,
    ...(hasInstallScript ? { hasInstallScript } : {}),
    dist: {
      tarball: `${base}/${manifest.name}/-/${file}`,
      integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
      shasum: createHash("sha1").update(bytes).digest("hex"),
    },
  };
}
