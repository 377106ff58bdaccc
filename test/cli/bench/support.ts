// Cases of our own making, and the command run on files of them.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FileCase, HunkCase } from "../../../src/cli/bench/cases.ts";

const main = path.resolve(import.meta.dirname, "../../../src/main.ts");
const tsx = pathToFileURL(
  path.resolve(import.meta.dirname, "../../../node_modules/tsx/dist/loader.mjs"),
).href;

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `errand bench` as a process of its own. */
export function bench(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { PATH: process.env["PATH"] };
    execFile(
      process.execPath,
      ["--import", tsx, main, "bench", ...args],
      { env },
      (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === "number" ? error.code : 0, stdout, stderr });
      },
    );
  });
}

export interface Scratch {
  /** Writes a file and says where it is. */
  readonly write: (name: string, content: string | Buffer) => string;
  readonly directory: string;
  readonly remove: () => void;
}

export function scratchDirectory(): Scratch {
  const directory = mkdtempSync(path.join(tmpdir(), "errand-bench-"));
  return {
    directory,
    write: (name, content) => {
      const file = path.join(directory, name);
      writeFileSync(file, content);
      return file;
    },
    remove: () => {
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export const asLines = (...cases: unknown[]): string =>
  cases.map((one) => `${JSON.stringify(one)}\n`).join("");

/** A hunk whose sides differ and whose resolution is the line of `ours`. */
export function hunkCase(fields: Partial<HunkCase> = {}): HunkCase {
  return {
    id: "one",
    repo: "shop",
    merge: "m1",
    path: "src/price.ts",
    lang: "typescript",
    category: "code",
    hunk: 1,
    n_hunks: 1,
    before: "const before = 0;\n",
    after: "const after = 0;\n",
    base: "const price = one();\n",
    ours: "const price = two();\n",
    theirs: "const price = three();\n",
    resolution: "const price = two();\n",
    ...fields,
  };
}

/** Both sides did the same: any resolver settles it. */
export const agreed = { ours: "const price = two();\n", theirs: "const price = two();\n" };

/** No rule makes such a thing of the sides. */
export const unheardOf = { resolution: "somethingElse.entirely({ never: 'seen' });\n" };

const json = (...keys: string[]): string =>
  `{\n  "a": 1,\n${keys.map((key) => `  ${key},\n`).join("")}  "z": 26\n}\n`;

/** Both sides add a key in the same place. */
export function fileCase(fields: Partial<FileCase> = {}): FileCase {
  return {
    id: "one",
    category: "config",
    path: "settings.json",
    base: json(),
    ours: json('"m": 1'),
    theirs: json('"n": 2'),
    merged: json('"m": 1', '"n": 2'),
    ...fields,
  };
}
