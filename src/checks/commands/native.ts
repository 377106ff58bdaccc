// Commands of Go and Rust projects, and of a Makefile.
import type { CommandName } from "../../core/checks.ts";
import type { TreeFiles } from "../affected/tree.ts";
import type { Found } from "./types.ts";

export function detectGo({ paths }: TreeFiles): Found {
  const found = new Map<CommandName, { line: string; from: string }>();
  const from = "go.mod";
  if (!paths.includes(from)) return found;
  // vet type-checks tests as well, which build does not.
  found.set("typecheck", { line: "go vet ./...", from });
  if (paths.some((path) => path.endsWith("_test.go"))) found.set("test", { line: "go test ./...", from });
  return found;
}

export async function detectRust({ paths, read }: TreeFiles): Promise<Found> {
  const found = new Map<CommandName, { line: string; from: string }>();
  const from = "Cargo.toml";
  if (!paths.includes(from)) return found;
  const all = /^\[workspace\b/m.test((await read(from)) ?? "") ? " --workspace" : "";
  found.set("typecheck", { line: `cargo check${all} --all-targets`, from });
  found.set("test", { line: `cargo test${all}`, from });
  found.set("format", { line: "cargo fmt --check", from });
  return found;
}

/** Targets of a Makefile by what they do, the usual first. */
const targets: readonly (readonly [CommandName, readonly string[]])[] = [
  ["test", ["test", "tests", "check"]],
  ["typecheck", ["typecheck", "type-check", "types"]],
  ["lint", ["lint"]],
];

export async function detectMake({ paths, read }: TreeFiles): Promise<Found> {
  const found = new Map<CommandName, { line: string; from: string }>();
  const from = ["GNUmakefile", "makefile", "Makefile"].find((path) => paths.includes(path));
  if (from === undefined) return found;
  const text = (await read(from)) ?? "";
  const known = new Set<string>();
  for (const [, names = ""] of text.matchAll(/^([\w ./-]{1,200})::?(?!=)/gm)) {
    for (const name of names.split(" ")) known.add(name);
  }
  for (const [name, candidates] of targets) {
    const target = candidates.find((candidate) => known.has(candidate));
    if (target !== undefined) found.set(name, { line: `make ${target}`, from });
  }
  return found;
}
