// Packages of Python: wheels only, so that nothing of them is run, in a virtual environment.
import { folderOf, isUnder, joinPath } from "../affected/tree.ts";
import { quoteWord } from "../shell/quote.ts";
import { foldersWith, nameOf } from "./folders.ts";
import { insideOf, pathIn, scratch } from "./places.ts";
import { sandboxPaths } from "../../core/sandbox.ts";
import type { InstallPlan, InstallPlans, TreeFiles } from "./types.ts";

/** Those of the project and those that its tests need; not what builds its documentation or a container. */
const requirementsPattern =
  /^(?:(?:dev|test)[-_.])?requirements(?:[-_.](?:dev|development|test|tests|testing|ci))?\.txt$/;
const inFolderPattern = /^requirements\/(?:base|main|dev|development|test|tests|testing|ci)\.txt$/;
/** Files that name others with -r and -c are followed this often. */
const mostRequirements = 20;

const unsupported: Readonly<Record<string, string>> = {
  "poetry.lock": "Poetry",
  "pdm.lock": "PDM",
  "Pipfile.lock": "Pipenv",
  "environment.yml": "Conda",
};
const notInstalled =
  "which Errand does not install with: commit a uv.lock or a requirements.txt with what the tests need";

export async function pythonPlans(files: TreeFiles): Promise<InstallPlans> {
  const roots = foldersWith(files.paths, ["uv.lock", "pyproject.toml", "setup.py", "requirements.txt"]);
  const made = await Promise.all(roots.map((folder) => planOf(files, folder)));
  const plans = made.filter((one) => one !== null && typeof one === "object");
  const [first, ...others] = plans.filter(({ tool }) => tool === "pip");
  return {
    plans: plans.filter((plan) => plan.tool !== "pip" || plan === first),
    left: [...made.filter((one) => typeof one === "string"), ...others.map(oneEnvironment)],
  };
}

/** A second install into one environment would start a Python that has the first one's packages in it: code of theirs, with the registries in reach. */
function oneEnvironment({ lockfile }: InstallPlan): string {
  return `${lockfile} was not installed: of several folders with requirements one is. Commit a uv.lock for each, or name them all with -r in one file.`;
}

async function planOf(files: TreeFiles, folder: string): Promise<InstallPlan | string | null> {
  const lockfile = pathIn(folder, "uv.lock");
  if (files.paths.includes(lockfile)) return uv(files, folder, lockfile);
  const requirements = files.paths.filter((path) => {
    const inside = folder === "" ? path : path.slice(folder.length + 1);
    return isUnder(path, folder) && isRequirements(inside);
  });
  if (requirements.length > 0) return await pip(files, folder, requirements);
  const other = Object.keys(unsupported).find((name) => files.paths.includes(pathIn(folder, name)));
  if (other !== undefined)
    return `${pathIn(folder, other)} is ${unsupported[other] ?? ""}'s, ${notInstalled}.`;
  const pyproject = (await files.read(pathIn(folder, "pyproject.toml"))) ?? "";
  return /^dependencies\s*=\s*\[\s*["']/m.test(pyproject)
    ? `${pathIn(folder, "pyproject.toml")} has no lockfile beside it, so nothing was installed for it: commit a uv.lock or a requirements.txt.`
    : null;
}

function isRequirements(inside: string): boolean {
  return requirementsPattern.test(inside) || inFolderPattern.test(inside);
}

/** The project's own packages are not installed, which would run their build: they are found in the tree. */
function uv(files: TreeFiles, folder: string, lockfile: string): InstallPlan {
  const own = `${sandboxPaths.dependencies}/uv`;
  const get = `{ command -v uv >/dev/null || { python3 -I -m venv ${own} && ${own}/bin/pip install --no-cache-dir --only-binary :all: uv; }; }`;
  const sync = "uv sync --frozen --no-build --no-install-workspace --all-extras --all-groups";
  const venv = `${insideOf(folder)}/.venv`;
  return {
    ecosystem: "python",
    tool: "uv",
    folder,
    lockfile,
    files: files.paths.filter(
      (path) =>
        ["uv.lock", "pyproject.toml", "uv.toml", ".python-version"].includes(nameOf(path)) &&
        isUnder(path, folder),
    ),
    scope: "files",
    line: `${get} && PATH="$PATH:${own}/bin" && ${sync}`,
    environment: { UV_CACHE_DIR: `${scratch}/uv`, UV_PYTHON_DOWNLOADS: "never" },
    later: {
      ...inVenv(files, folder, venv),
      PATH: `${venv}/bin:${own}/bin`,
      UV_NO_SYNC: "1",
      UV_OFFLINE: "1",
      UV_FROZEN: "1",
    },
  };
}

async function pip(
  files: TreeFiles,
  folder: string,
  requirements: readonly string[],
): Promise<InstallPlan | string> {
  const venv = `${sandboxPaths.dependencies}/venv`;
  const named = requirements.map(
    (path) => `-r ${quoteWord(folder === "" ? path : path.slice(folder.length + 1))}`,
  );
  const { read, runsCode } = await follow(files, requirements);
  if (runsCode)
    return `${requirements.join(", ")} was not installed: an entry may be no wheel of a registry (a folder, a link, an option, a file that is not there), and installing that runs it. List packages of a registry alone, or commit a uv.lock.`;
  return {
    ecosystem: "python",
    tool: "pip",
    folder,
    lockfile: requirements[0] ?? "",
    files: read,
    scope: "files",
    line: `{ [ -x ${venv}/bin/pip ] || python3 -I -m venv ${venv}; } && ${venv}/bin/pip install --no-cache-dir --only-binary :all: ${named.join(" ")}`,
    environment: {},
    later: { ...inVenv(files, folder, venv), PATH: `${venv}/bin` },
  };
}

/** A file of requirements, or of constraints, that another names. */
const otherFile = /^(?:-r|-c|--requirement|--constraint)[\s=]{0,20}([^\s\\=]\S*)$/;
/** What says nothing but which packages, from which registry, with which digests. */
const plainLine =
  /^(?:(?:--hash=\S+(?:\s|$))+|--(?:require-hashes|pre|prefer-binary)|(?:-i|--(?:extra-)?index-url)[\s=]+https?:\S+|[a-z\d][^@/\\]*|[a-z\d][\w.-]*(?:\[[\w\s,.-]*\])?\s*@\s*https?:[^\\]*)$/i;
const archiveName = /\.(?:whl|zip|tgz|tar|tar\.\w+|tbz|txz|tlz)$/i;

/** What Python takes for the end of a line. */
// eslint-disable-next-line no-control-regex -- Python does
const endsOfLines = /[\n\v\f\r\x1c-\x1e\x85\u2028\u2029]/;

/** Lines as pip reads them, without comments and what continues them; "" where nothing is left. */
function requirementLines(text: string): string[] {
  return text.split(endsOfLines).map((line) =>
    line
      .replace(/(?:^|\s)#.*$/, "")
      .replace(/\s\\$/, "")
      .trim(),
  );
}

/** Every file that these name with -r and -c, and whether one has an entry that may be no package of a registry: a folder is built, which runs it. */
async function follow(files: TreeFiles, requirements: readonly string[]) {
  const read: string[] = [];
  const waiting = [...requirements];
  let runsCode = false;
  while (read.length < mostRequirements) {
    const path = waiting.shift();
    if (path === undefined) break;
    if (read.includes(path)) continue;
    const text = await files.read(path);
    // A link, or a file that something else makes: what it leads to decides.
    runsCode ||= text === null;
    if (text === null) continue;
    read.push(path);
    const lines = requirementLines(text).map((line) => ({ line, next: namedIn(line, path) }));
    waiting.push(...lines.flatMap(({ next }) => next ?? []));
    runsCode ||= !lines.every(({ line, next }) => next !== null || isPlain(line));
  }
  return { read, runsCode: runsCode || waiting.length > 0 };
}

function namedIn(line: string, path: string): string | null {
  const other = otherFile.exec(line)?.[1];
  return other === undefined ? null : joinPath(folderOf(path), other);
}

function isPlain(line: string): boolean {
  return line === "" || (plainLine.test(line) && !archiveName.test(line));
}

/** The project's own modules are not installed: they are looked for where they commonly lie. */
function inVenv(files: TreeFiles, folder: string, venv: string): Record<string, string> {
  const source = pathIn(folder, "src");
  const own = files.paths.some((path) => path.startsWith(`${source}/`) && path.endsWith(".py"))
    ? [insideOf(source)]
    : [];
  return {
    VIRTUAL_ENV: venv,
    PYTHONPATH: [...own, insideOf(folder)].join(":"),
    PYTHONDONTWRITEBYTECODE: "1",
  };
}
