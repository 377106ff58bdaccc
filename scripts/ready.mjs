// Makes a fresh clone ready: installs what is missing and builds what is stale. Runs on plain Node, before anything is installed.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inRoot = (...parts) => path.join(root, ...parts);
const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
const say = (text) => process.stderr.write(`errand: ${text}\n`);
const npm = (...args) =>
  // The child's output goes to stderr: stdout belongs to the command that was asked for (`--json`).
  execFileSync("npm", args, { cwd: root, stdio: ["ignore", 2, 2], shell: process.platform === "win32" });

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`Node ${process.versions.node} is too old: Errand needs 20.19 or newer. Install it from your package manager or nvm.`);
  process.exit(1);
}

function newest(folder) {
  return Math.max(0, ...readdirSync(folder, { recursive: true }).map((name) => modified(path.join(folder, name))));
}

if (modified(inRoot("package-lock.json")) > modified(inRoot("node_modules", ".package-lock.json"))) {
  say("installing dependencies (npm ci) …");
  npm("ci", "--no-audit", "--no-fund");
}
if (newest(inRoot("src")) > modified(inRoot("dist", "main.js"))) {
  say("building …");
  npm("run", "build");
}
