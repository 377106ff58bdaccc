// Compiles src to dist and makes the command executable. What is there stays in use until the new build is whole.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, renameSync, rmSync, utimesSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const built = mkdtempSync(path.join(root, ".dist-"));
try {
  const compiler = path.join(root, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", built], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  const command = path.join(built, "main.js");
  chmodSync(command, 0o755);
  utimesSync(command, new Date(), new Date());
  chmodSync(built, 0o755);

  const dist = path.join(root, "dist");
  const old = `${built}-old`;
  if (existsSync(dist)) renameSync(dist, old);
  renameSync(built, dist);
  rmSync(old, { recursive: true, force: true });
} catch (error) {
  rmSync(built, { recursive: true, force: true });
  // The compiler has said what is wrong; a stack of this script would only hide it.
  process.exitCode = typeof error.status === "number" ? error.status : 1;
  if (typeof error.status !== "number") throw error;
}
