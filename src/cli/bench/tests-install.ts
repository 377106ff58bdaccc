// What the cases need from npm: one install for each set of exact versions, into a folder that later runs of the bench use again.
import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../../core/errors.ts";
import type { DependencyMount } from "../../core/sandbox.ts";
import { runNpm } from "../../workspace/run-npm.ts";

export interface InstallOptions {
  readonly cache: string;
  /** The person's whole environment: their npm configuration says where packages come from. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** A line before an install begins. */
  readonly tell: (line: string) => void;
}

/** The folder that holds these packages, to be mounted; `null` where there are none. Throws `AppError("sandbox")` where npm fails. */
export type Installs = (deps: Readonly<Record<string, string>>) => Promise<DependencyMount | null>;

const installMs = 15 * 60_000;
/** Where runners keep caches inside of node_modules: folders that are there get an empty one in memory over them in a run. */
const cacheFolders = [".cache", ".vite", ".vite-temp"];

export function openInstalls(options: InstallOptions): Installs {
  const known = new Map<string, Promise<DependencyMount>>();
  // One after the other: npm takes all processors there are.
  let last: Promise<unknown> = Promise.resolve();
  return async (deps) => {
    const sorted = Object.entries(measurable(deps)).sort(([one], [other]) => (one < other ? -1 : 1));
    if (sorted.length === 0) return null;
    const key = createHash("sha256").update(JSON.stringify(sorted)).digest("hex");
    const found = known.get(key);
    if (found !== undefined) return await found;
    const made = last.then(() => installed(options, key, Object.fromEntries(sorted)));
    last = made.catch(() => undefined);
    known.set(key, made);
    return await made;
  };
}

/** With what vitest measures lines with, in the one version that fits: projects name it, and trimmed lists of packages leave it out. */
function measurable(deps: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const vitest = deps["vitest"];
  return vitest === undefined ? deps : { "@vitest/coverage-v8": vitest, ...deps };
}

async function installed(
  options: InstallOptions,
  key: string,
  deps: Readonly<Record<string, string>>,
): Promise<DependencyMount> {
  const directory = path.join(options.cache, "installs", key);
  const mount: DependencyMount = { directory, mode: "use" };
  // Written last and moved into place whole.
  if (await isThere(path.join(directory, "mounts.json"))) return mount;
  const partial = `${directory}.partial-${process.pid}`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  try {
    options.tell(`installing ${Object.keys(deps).length} packages: ${Object.keys(deps).join(", ")}`);
    await install(options, partial, deps);
    for (const name of cacheFolders) {
      await mkdir(path.join(partial, "node_modules", name), { recursive: true });
    }
    await writeFile(
      path.join(partial, "mounts.json"),
      JSON.stringify([{ from: "node_modules", to: "node_modules" }]),
    );
    // The sandbox's user has to pass through it.
    await chmod(partial, 0o755);
    await rm(directory, { recursive: true, force: true });
    await rename(partial, directory);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return mount;
}

async function install(
  { environment, signal }: InstallOptions,
  directory: string,
  deps: Readonly<Record<string, string>>,
): Promise<void> {
  const manifest = { name: "case", version: "1.0.0", private: true, dependencies: deps };
  await writeFile(path.join(directory, "package.json"), JSON.stringify(manifest, null, 2));
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  const npm = (more: readonly string[]) =>
    runNpm([...args, ...more], { directory, environment, timeoutMs: installMs, signal });
  const strict = await npm([]);
  if (strict.code === 0) return;
  // The cases say exact versions: what packages want of one another is second to that.
  const { code, said } = strict.said.includes("ERESOLVE") ? await npm(["--legacy-peer-deps"]) : strict;
  if (code === 0) return;
  throw new AppError("sandbox", `npm could not install the case's packages: ${said}`, {
    retryable: true,
    remedy: "Run the same npm install by hand; if it works there, try again.",
  });
}

const isThere = (place: string): Promise<boolean> =>
  lstat(place).then(
    () => true,
    () => false,
  );
