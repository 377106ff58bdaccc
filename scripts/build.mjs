// Compiles src to dist and makes the command executable.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync, utimesSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
rmSync(path.join(root, "dist"), { recursive: true, force: true });
execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: ["ignore", 2, 2],
});
const command = path.join(root, "dist/main.js");
chmodSync(command, 0o755);
utimesSync(command, new Date(), new Date());
