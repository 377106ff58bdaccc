// Packages that would have run a script when they were installed: found where they lie, for every package manager alike.
import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sandboxPaths } from "../../core/sandbox.ts";
import { quoteWord } from "../shell/quote.ts";

const listName = "install-scripts.json";
/** Names that are kept, and bytes of the list. */
const mostNames = 50;
const mostBytes = 16 * 1024;
const namesSchema = z.array(z.string().regex(/^(?:@[\w.-]+\/)?[\w.-]+$/)).max(mostNames);

/** Run by `node -e` after the install. Folders of links are not entered; a package that is closed to this system is not there. */
const script = `
const fs = require("node:fs");
const [root, target] = process.argv.slice(1);
const names = new Set();
const list = (folder) => {
  try { return fs.readdirSync(folder, { withFileTypes: true }); } catch { return []; }
};
const look = (folder) => {
  let manifest;
  try { manifest = JSON.parse(fs.readFileSync(folder + "/package.json", "utf8")); } catch { return; }
  const scripts = manifest.scripts ?? {};
  const runs = ["preinstall", "install", "postinstall"].some((name) => scripts[name]);
  if ((runs || fs.existsSync(folder + "/binding.gyp")) && names.size < ${mostNames}) names.add(String(manifest.name));
};
const search = (modules) => {
  for (const entry of list(modules)) {
    const path = modules + "/" + entry.name;
    if (!entry.isDirectory()) continue;
    if (entry.name === ".pnpm") for (const one of list(path)) search(path + "/" + one.name + "/node_modules");
    else if (entry.name.startsWith("@")) search(path);
    else if (!entry.name.startsWith(".")) { look(path); search(path + "/node_modules"); }
  }
};
search(root + "/node_modules");
fs.writeFileSync(target, JSON.stringify([...names].sort()));
`;

/** A command that writes the list into the folder of dependencies. */
export function listScripts(folder: string): string {
  const target = `${sandboxPaths.dependencies}/${listName}`;
  return `node -e ${quoteWord(script)} ${quoteWord(folder)} ${target}`;
}

/** The names, from a folder that was filled; empty where there is no list, or none that this wrote. */
export async function readScripts(directory: string): Promise<readonly string[]> {
  // What an install wrote may be a link to anywhere on this machine.
  const file = await open(
    join(directory, "dependencies", listName),
    constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
  ).catch(() => null);
  if (file === null) return [];
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(mostBytes), 0, mostBytes, 0);
    return namesSchema.parse(JSON.parse(buffer.toString("utf8", 0, bytesRead)));
  } catch {
    return [];
  } finally {
    await file.close();
  }
}
