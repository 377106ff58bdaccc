// What the bubblewrap driver needs of this machine, looked up once when a worker starts.
import { constants } from "node:fs";
import { access, lstat, mkdir, readdir, readlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Mount } from "../dependency-mounts.ts";

export interface BwrapHost {
  readonly programs: { readonly bwrap: string; readonly prlimit: string; readonly setpriv: string };
  readonly filter: Uint8Array;
  /** Made-up files of /etc: names for the sandbox's user and for the machine. */
  readonly identity: readonly Mount[];
  /** Files and folders outside of /usr that are at the same place inside: Node, and the operator's tools. */
  readonly readOnly: readonly string[];
  /** `from` is what a link says, `to` where it is. */
  readonly links: readonly Mount[];
  /** Folders of PATH. */
  readonly path: readonly string[];
}

export interface Unavailable {
  readonly why: string;
  readonly remedy: string;
}

const programFolders = ["/usr/bin", "/bin", "/usr/local/bin", "/usr/sbin"];
const packages = { bwrap: "bubblewrap", prlimit: "util-linux", setpriv: "util-linux" };

export async function findPrograms(
  folders: readonly string[] = programFolders,
): Promise<BwrapHost["programs"] | Unavailable> {
  const found = {
    bwrap: await findProgram("bwrap", folders),
    prlimit: await findProgram("prlimit", folders),
    setpriv: await findProgram("setpriv", folders),
  };
  const { bwrap, prlimit, setpriv } = found;
  if (bwrap !== null && prlimit !== null && setpriv !== null) return { bwrap, prlimit, setpriv };
  const missing = (["bwrap", "prlimit", "setpriv"] as const).find((name) => found[name] === null) ?? "bwrap";
  return {
    why: `The program ${missing} is not on this machine, and the sandbox is made of it.`,
    remedy: `Install it: apt install ${packages[missing]} (Debian, Ubuntu).`,
  };
}

async function findProgram(name: string, folders: readonly string[]): Promise<string | null> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return null;
}

/** Enough for `whoami`, `os.userInfo()` and `localhost`; nothing of this machine. */
const identityFiles = {
  passwd:
    "root:x:0:0:root:/:/bin/sh\nsandbox:x:1000:1000:sandbox:/tmp/home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  group: "root:x:0:\nsandbox:x:1000:\nnogroup:x:65534:\n",
  hosts: "127.0.0.1 localhost sandbox\n::1 localhost ip6-localhost\n",
  "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
};

/** Writes them into a folder of the sandbox's directory. */
export async function writeIdentity(directory: string): Promise<Mount[]> {
  const folder = join(directory, "etc");
  await mkdir(folder, { recursive: true, mode: 0o755 });
  return await Promise.all(
    Object.entries(identityFiles).map(async ([name, text]) => {
      await writeFile(join(folder, name), text, { mode: 0o644 });
      return { from: join(folder, name), to: `/etc/${name}` };
    }),
  );
}

/**
 * Node where it is not under /usr: the program and its packages, not the folder around them, which may be somebody's home. npm and its like are links
 * beside the program, into its packages.
 */
export async function nodeMounts(node: string): Promise<Pick<BwrapHost, "readOnly" | "links" | "path">> {
  if (node.startsWith("/usr/")) return { readOnly: [], links: [], path: [] };
  const folder = dirname(node);
  const packagesFolder = join(dirname(folder), "lib/node_modules");
  const hasPackages = await lstat(packagesFolder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!hasPackages || basename(folder) !== "bin") return { readOnly: [node], links: [], path: [folder] };
  const links: Mount[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isSymbolicLink()) continue;
    const from = await readlink(join(folder, entry.name));
    if (from.startsWith("../lib/node_modules/")) links.push({ from, to: join(folder, entry.name) });
  }
  return { readOnly: [node, packagesFolder], links, path: [folder] };
}

/** A tool's folder is on the PATH itself, or its `bin` is. */
export async function toolMounts(tools: readonly string[]): Promise<Pick<BwrapHost, "readOnly" | "path">> {
  const path = await Promise.all(
    tools.map(async (tool) => {
      const programs = join(tool, "bin");
      return await lstat(programs).then(
        (found) => (found.isDirectory() ? programs : tool),
        () => tool,
      );
    }),
  );
  return { readOnly: tools.filter((tool) => !tool.startsWith("/usr/")), path };
}
