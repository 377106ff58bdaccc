// What the probe sets out on this machine before it starts: listeners, a file and the numbers of things, so that reaching one can be told for certain.
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readlink, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { Lures } from "./attempt.ts";

export interface SetOut {
  readonly lures: Lures;
  /** How often a listener was reached so far. */
  readonly reached: () => number;
  readonly takeAway: () => Promise<void>;
}

/** Throws what the machine says when a listener cannot be started. */
export async function setOutLures(): Promise<SetOut> {
  const token = `errand-probe-${randomBytes(12).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "errand-probe-"));
  const servers: Server[] = [];
  const count = { reached: 0 };
  const listen = async (where: { port: number; host: string } | { path: string }): Promise<number> => {
    const server = createServer((connection) => {
      count.reached += 1;
      connection.on("error", () => undefined);
      connection.destroy();
    });
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(where, resolve);
    });
    servers.push(server);
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  };
  const takeAway = async (): Promise<void> => {
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const socketPath = join(folder, "socket");
    const filePath = join(folder, "file");
    const port4 = await listen({ port: 0, host: "127.0.0.1" });
    const port6 = await listen({ port: 0, host: "::1" }).catch(() => null);
    await listen({ path: `\0${token}` });
    await listen({ path: socketPath });
    await writeFile(filePath, token);
    for (const [path, mode] of [
      [folder, 0o755],
      [socketPath, 0o666],
      [filePath, 0o666],
    ] as const)
      await chmod(path, mode);
    const lures = {
      token,
      port4,
      port6,
      abstractName: token,
      socketPath,
      filePath,
      hostname: hostname(),
      namespaces: await namespaces(),
      identities: await identities(),
    };
    return { lures, reached: () => count.reached, takeAway };
  } catch (error) {
    await takeAway();
    throw error;
  }
}

async function namespaces(): Promise<Record<string, string>> {
  const kinds = ["pid", "net", "mnt", "ipc", "uts"];
  return await facts(kinds, (kind) => readlink(`/proc/self/ns/${kind}`));
}

/** What the sandbox may share (/usr, certificates, the loader's cache) is not among them. */
const places = [
  ...[
    "/",
    "/etc",
    "/dev",
    "/sys",
    "/root",
    "/home",
    "/run",
    "/var",
    "/srv",
    "/mnt",
    "/media",
    "/boot",
    "/data",
  ],
  ...["/tmp", "/var/tmp", "/var/run", "/dev/shm"],
  ...["passwd", "group", "machine-id", "hostname", "hosts", "resolv.conf"].map((name) => `/etc/${name}`),
];

async function identities(): Promise<Record<string, string>> {
  return await facts(places, async (path) => {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev}:${ino}`;
  });
}

/** What cannot be found out is left out. */
async function facts(
  names: readonly string[],
  find: (name: string) => Promise<string>,
): Promise<Record<string, string>> {
  const found = await Promise.all(
    names.map(async (name) => [name, await find(name).catch(() => null)] as const),
  );
  return Object.fromEntries(found.flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}
