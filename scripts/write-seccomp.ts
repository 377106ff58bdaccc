// Writes src/workspace/sandbox/seccomp/filters.json from the policy beside it; with --check, says whether it is fresh instead.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compileFilter } from "../src/workspace/sandbox/seccomp/compile.ts";
import { architectures } from "../src/workspace/sandbox/seccomp/numbers.ts";

const [named] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const file = named ?? path.resolve(import.meta.dirname, "../src/workspace/sandbox/seccomp/filters.json");
const filters = Object.fromEntries(
  architectures.map((architecture) => [
    architecture,
    Buffer.from(compileFilter(architecture)).toString("base64"),
  ]),
);
const written = `${JSON.stringify(filters, null, 2)}\n`;

if (!process.argv.includes("--check")) {
  writeFileSync(file, written);
} else if (!existsSync(file) || readFileSync(file, "utf8") !== written) {
  console.error("The system call filters are stale: run `node --import tsx scripts/write-seccomp.ts`.");
  process.exitCode = 1;
}
