// What is installed in a working copy, and lies in no tree of it: put read-only into every run at the same place.
import { lstat, readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { AppError } from "../core/errors.ts";
import { sandboxPaths } from "../core/sandbox.ts";
import type { DependencyMount, Sandbox } from "../core/sandbox.ts";

export interface Installed {
  readonly mount: DependencyMount | null;
  /** For every run. */
  readonly environment: Readonly<Record<string, string>>;
  /** Sentences for people about what is not there for the tests. */
  readonly notes: readonly string[];
}

/** Packages whose own node_modules are looked for. */
const mostPackages = 100;

/**
 * node_modules of the repository and of its packages, and a virtual environment at the top. `paths`: of the tree. Throws `AppError("sandbox")` where the
 * sandbox's user cannot get to them.
 */
export async function installedIn(
  root: string,
  paths: readonly string[],
  { driver }: Pick<Sandbox, "driver">,
): Promise<Installed> {
  const modules = await nodeModules(root, paths, driver);
  const python = await virtualEnvironment(root, driver);
  const places = [...modules.places, ...python.places].map((place) => ({ from: place, to: place }));
  const notes = [...modules.notes, ...python.notes];
  const { environment } = python;
  if (places.length === 0) return { mount: null, environment, notes };
  if (driver === "bwrap") await requireReach(root);
  return { mount: { directory: root, mode: "use", places }, environment, notes };
}

interface Found {
  /** Folders, relative to the working copy. */
  readonly places: readonly string[];
  readonly notes: readonly string[];
}

async function nodeModules(
  root: string,
  paths: readonly string[],
  driver: Sandbox["driver"],
): Promise<Found> {
  const manifests = paths.filter((one) => path.posix.basename(one) === "package.json").slice(0, mostPackages);
  const places: string[] = [];
  const notes: string[] = [];
  for (const manifest of manifests) {
    const place = path.posix.join(path.posix.dirname(manifest), "node_modules");
    const kind = await kindOf(path.join(root, place));
    const isBelow = place.includes("/");
    if (kind === "link") notes.push(linkWords(place));
    else if (kind === "folder" && isBelow && driver === "container")
      notes.push(
        `${place} is not there for the tests: the driver container mounts nothing below the top folder.`,
      );
    else if (kind === "folder") places.push(place);
    else if (!isBelow && (await wantsPackages(path.join(root, manifest))))
      notes.push("package.json names packages, and there is no node_modules: install them first (npm ci).");
  }
  return { places, notes };
}

const linkWords = (place: string): string =>
  `${place} is a symbolic link, which could lead anywhere, so it is not there for the tests: install into the working copy itself (npm ci).`;

async function wantsPackages(manifest: string): Promise<boolean> {
  const text = await readFile(manifest, "utf8").catch(() => "");
  return /"(?:devD|d)ependencies"\s{0,20}:\s{0,20}\{\s{0,20}"/.test(text);
}

async function virtualEnvironment(
  root: string,
  driver: Sandbox["driver"],
): Promise<Found & Pick<Installed, "environment">> {
  for (const name of [".venv", "venv"]) {
    const kind = await kindOf(path.join(root, name));
    if (kind === "link") return { places: [], environment: {}, notes: [linkWords(name)] };
    if (kind !== "folder" || (await kindOf(path.join(root, name, "pyvenv.cfg"))) === "nothing") continue;
    const inside = `${sandboxPaths.project}/${name}`;
    const python = await realpath(path.join(root, name, "bin", "python")).catch(() => null);
    const isSeen = driver === "none" || (python?.startsWith("/usr/") ?? false);
    return {
      places: [name],
      environment: { PATH: `${inside}/bin`, VIRTUAL_ENV: inside },
      notes: isSeen
        ? []
        : [
            `The Python of ${name} is not under /usr, and may not be there for the tests: name its folder in ERRAND_SANDBOX_TOOLS.`,
          ],
    };
  }
  return { places: [], environment: {}, notes: [] };
}

/** Where this process is root, runs are another user's, who has to pass through every folder on the way. */
async function requireReach(root: string): Promise<void> {
  if (process.geteuid?.() !== 0) return;
  for (let folder = root; ; folder = path.dirname(folder)) {
    if (((await lstat(folder)).mode & 0o001) === 0) throw outOfReach(folder);
    if (path.dirname(folder) === folder) return;
  }
}

function outOfReach(folder: string): AppError {
  return new AppError(
    "sandbox",
    `The sandbox's user cannot get to what is installed here: others may not pass through ${JSON.stringify(folder)}.`,
    {
      retryable: false,
      remedy: `Run errand as an ordinary user (as root it runs tests as somebody else), or allow it: chmod o+x ${JSON.stringify(folder)}.`,
    },
  );
}

async function kindOf(place: string): Promise<"folder" | "link" | "other" | "nothing"> {
  const found = await lstat(place).catch(() => null);
  if (found === null) return "nothing";
  if (found.isSymbolicLink()) return "link";
  return found.isDirectory() ? "folder" : "other";
}
