// Makes a fresh clone ready: installs what is missing and builds what is stale. Runs on plain Node, before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const inRoot = (...parts) => path.join(root, ...parts);
const modified = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0);
const say = (text) => process.stderr.write(`errand: ${text}\n`);

function stop(what, next) {
  say(`${what}\n  → ${next}`);
  process.exit(1);
}

/** Output goes to stderr: stdout belongs to the command that was asked for (`--json`). `npm run --silent` must not silence an error. */
function npm(...args) {
  const { status, error } = spawnSync("npm", [...args, "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status === 0) return;
  stop(
    `\`npm ${args.join(" ")}\` failed${error ? `: ${error.message}` : ", see above"}.`,
    "Look at what npm said (network, disk, Node's version), then run the same command again: nothing is lost.",
  );
}

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(
    `Node ${process.versions.node} is too old: Errand needs 20.19 or newer.`,
    "Install a newer Node and try again.",
  );
}

function newest(folder) {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true }).map((name) => modified(path.join(folder, name))),
  );
}

if (modified(inRoot("package-lock.json")) > modified(inRoot("node_modules", ".package-lock.json"))) {
  say("installing dependencies (npm ci), about half a minute …");
  npm("ci", "--no-audit", "--no-fund");
}
if (newest(inRoot("src")) > modified(inRoot("dist", "main.js"))) {
  say("building …");
  npm("run", "build");
}
