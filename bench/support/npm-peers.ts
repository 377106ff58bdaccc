// Merge libraries from npm as peers, installed into a temporary folder for the length of the bench: the project does not depend on them.
import { createRequire } from "node:module";
import path from "node:path";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { splitLines } from "../../src/merge/lines.ts";
import { oneByOne } from "./peer.ts";
import type { Absent, Conflict, Peer } from "./peer.ts";

const versions = { "node-diff3": "3.2.1", "git-json-merge": "1.0.0", "merge-package.json": "8.1.0" };

type Name = keyof typeof versions;

/** The parts of the libraries that are called. */
interface Diff3 {
  readonly diff3Merge: (
    ours: readonly string[],
    base: readonly string[],
    theirs: readonly string[],
    options: { readonly excludeFalseConflicts: boolean },
  ) => readonly { readonly ok?: readonly string[] }[];
}
interface JsonMerge {
  readonly mergeJson: (ours: string, base: string, theirs: string) => string;
}
type PackageMerge = (ours: string, base: string, theirs: string) => string;

const makers: Readonly<Record<Name, (load: (name: Name) => unknown) => Peer>> = {
  "node-diff3": (load) => {
    const { diff3Merge } = load("node-diff3") as Diff3;
    return oneByOne(described("node-diff3"), {
      applies: () => true,
      merge: ({ base, ours, theirs }) => {
        const sides = [ours, base, theirs].map(splitLines) as [string[], string[], string[]];
        const parts = diff3Merge(...sides, { excludeFalseConflicts: true });
        return parts.every(({ ok }) => ok !== undefined)
          ? parts.flatMap(({ ok }) => ok ?? []).join("")
          : null;
      },
    });
  },
  "git-json-merge": (load) => {
    const { mergeJson } = load("git-json-merge") as JsonMerge;
    return oneByOne(described("git-json-merge"), {
      applies: isJson,
      merge: ({ base, ours, theirs }) => mergeJson(ours, base, theirs),
    });
  },
  "merge-package.json": (load) => {
    const mergePackage = load("merge-package.json") as PackageMerge;
    return oneByOne(described("merge-package.json"), {
      applies: (conflict) => path.posix.basename(conflict.path) === "package.json" && isJson(conflict),
      merge: ({ base, ours, theirs }) => mergePackage(ours, base, theirs),
    });
  },
};

const described = (name: Name) => ({ name: `${name} ${versions[name]}`, how: "in this process" });

function isJson({ path: file, base, ours, theirs }: Conflict): boolean {
  return file.endsWith(".json") && [base, ours, theirs].every(parses);
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Installs the libraries with npm. What cannot be installed or loaded is absent. */
export async function npmPeers(directory: string): Promise<(Peer | Absent)[]> {
  const names = Object.keys(versions) as Name[];
  const wanted = names.map((name) => `${name}@${versions[name]}`);
  const quiet = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"];
  try {
    await promisify(execFile)("npm", ["install", ...quiet, "--prefix", directory, ...wanted]);
  } catch (error) {
    return names.map((name) => absent(name, error));
  }
  const load = createRequire(path.join(directory, "peers.js")) as (name: Name) => unknown;
  return names.map((name) => {
    try {
      return makers[name](load);
    } catch (error) {
      return absent(name, error);
    }
  });
}

function absent(name: Name, error: unknown): Absent {
  const message = error instanceof Error ? error.message : String(error);
  return { name, absent: `not installed: ${message.split("\n").slice(0, 2).join(" ").slice(0, 200)}` };
}
