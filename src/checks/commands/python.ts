// Commands of a Python project, by its files of settings and what its tests import.
import type { CommandName } from "../../core/checks.ts";
import { isPythonTest } from "../affected/python-tests.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { Found } from "./types.ts";

/** Files that make a folder a Python project, and that name its tools. */
const settings = [
  "pyproject.toml",
  "pytest.ini",
  "setup.cfg",
  "tox.ini",
  "setup.py",
  "requirements.txt",
  "requirements-dev.txt",
  "dev-requirements.txt",
  "requirements-test.txt",
  "requirements/dev.txt",
  "requirements/test.txt",
  "Pipfile",
  "mypy.ini",
  ".mypy.ini",
  "pyrightconfig.json",
  "ruff.toml",
  ".ruff.toml",
] as const;

/** Test files that are looked into where nothing names a tool. */
const mostTests = 20;

export async function detectPython(files: TreeFiles): Promise<Found> {
  const found = new Map<CommandName, { line: string; from: string }>();
  const texts = new Map<string, string>();
  for (const path of settings) {
    if (files.paths.includes(path)) texts.set(path, (await files.read(path)) ?? "");
  }
  if (texts.size === 0) return found;
  const named = (pattern: RegExp) => [...texts].find(([, text]) => pattern.test(text))?.[0];
  const add = (name: CommandName, from: string | undefined, line: string) => {
    if (from !== undefined) found.set(name, { line, from });
  };
  const present = (...paths: readonly string[]) => paths.find((path) => texts.has(path));
  const test = present("pytest.ini") ?? named(/^\[(?:tool\.)?(?:tool:)?pytest\b|\bpytest\b/m);
  add("test", test, "python3 -m pytest");
  if (test === undefined) add("test", ...(await unnamed(files)));
  add("typecheck", present("pyrightconfig.json") ?? named(/^\[tool\.pyright\b/m), "pyright");
  const mypy = present("mypy.ini", ".mypy.ini") ?? named(/^\[(?:tool\.)?mypy\b/m);
  const hasFiles = [...texts.values()].some((text) => /^(?:files|packages|modules)\s{0,9}=/m.test(text));
  add("typecheck", mypy, hasFiles ? "mypy" : "mypy .");
  const ruff = present("ruff.toml", ".ruff.toml") ?? named(/^\[tool\.ruff\b/m);
  add("lint", ruff, "ruff check .");
  add("format", named(/^\[tool\.ruff\.format\b/m), "ruff format --check .");
  return found;
}

/** What the tests themselves import, where no file of settings names a runner. */
async function unnamed(files: TreeFiles): Promise<[from: string | undefined, line: string]> {
  const tests = files.paths.filter(isPythonTest).slice(0, mostTests);
  let unittest: string | undefined;
  for (const path of tests) {
    const text = (await files.read(path)) ?? "";
    if (/^\s{0,40}(?:import|from)\s+pytest\b/m.test(text)) return [path, "python3 -m pytest"];
    if (/^\s{0,40}(?:import|from)\s+unittest\b/m.test(text)) unittest ??= path;
  }
  const folder = unittest?.startsWith("tests/") === true ? " -s tests -t ." : "";
  return [unittest, `python3 -m unittest discover${folder}`];
}
