// Servers for tests: a Redis or a Postgres of our own on a free port in a temporary directory, and the embedded database.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { PGlite } from "@electric-sql/pglite";

export interface TestServer {
  readonly url: string;
  /** As a crash would: nothing is flushed. Resolves when the process is gone. */
  kill(): Promise<void>;
  /** On the same port and directory, after `kill`. */
  restart(): Promise<void>;
  /** Ends the server and removes its directory. */
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port was given");
  return address.port;
}

function onPath(program: string): string | null {
  for (const directory of (process.env["PATH"] ?? "").split(path.delimiter)) {
    const file = path.join(directory, program);
    if (existsSync(file)) return file;
  }
  return null;
}

interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** The line of output that says it serves. */
  readonly ready: RegExp;
  readonly stopSignal: NodeJS.Signals;
  readonly user: Ids | null;
}

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

function exited(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) =>
    child.once("exit", () => {
      resolve();
    }),
  );
}

function launch(how: Launch): Promise<ChildProcess> {
  const child = spawn(how.command, how.args, {
    cwd: how.directory,
    stdio: ["ignore", "pipe", "pipe"],
    ...how.user,
  });
  // A test that crashes must not leave servers behind.
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return new Promise((resolve, reject) => {
    let output = "";
    const read = (data: Buffer): void => {
      if (output.length < 20_000) output += data.toString();
      if (how.ready.test(output)) resolve(child);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => {
      reject(new Error(`${how.command} ended with ${String(code)}: ${output}`));
    });
  });
}

async function serve(url: string, how: Launch): Promise<TestServer> {
  let child = await launch(how);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    await exited(child);
  };
  return {
    url,
    kill: () => end("SIGKILL"),
    restart: async () => {
      child = await launch(how);
    },
    stop: async () => {
      await end(how.stopSignal);
      rmSync(how.directory, { recursive: true, force: true });
    },
  };
}

/** Why Redis cannot be started here and how to get it; `null` when it can. */
export function missingRedis(): string | null {
  return onPath("redis-server") ? null : "redis-server is not installed (apt-get install redis-server)";
}

/** `settings` are arguments of redis-server, such as `["--maxmemory-policy", "allkeys-lru"]`; the default is a durable Redis. */
export async function startRedis(settings: readonly string[] = []): Promise<TestServer> {
  const directory = mkdtempSync(path.join(os.tmpdir(), "errand-redis-"));
  const port = await freePort();
  return serve(`redis://127.0.0.1:${port}`, {
    command: "redis-server",
    args: [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", directory, "--save", ""],
      ...["--appendonly", "yes", "--appendfsync", "everysec", "--maxmemory-policy", "noeviction"],
      ...settings,
    ],
    directory,
    ready: /Ready to accept connections/,
    stopSignal: "SIGTERM",
    user: null,
  });
}

/** Postgres refuses to run as root: then it runs as `postgres`, or as `nobody` where there is no such user. */
function ordinaryUser(): Ids | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    const uid = Number(spawnSync("id", ["-u", name], { encoding: "utf8" }).stdout.trim() || NaN);
    const gid = Number(spawnSync("id", ["-g", name], { encoding: "utf8" }).stdout.trim() || NaN);
    if (!Number.isNaN(uid) && !Number.isNaN(gid)) return { uid, gid };
  }
  return null;
}

function postgresPrograms(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions
    .map((version) => path.join(root, version, "bin"))
    .find((bin) => existsSync(path.join(bin, "initdb")));
  if (found) return found;
  const initdb = onPath("initdb");
  return initdb === null ? null : path.dirname(initdb);
}

/** Why Postgres cannot be started here and how to get it; `null` when it can. */
export function missingPostgres(): string | null {
  return postgresPrograms() ? null : "Postgres is not installed (apt-get install postgresql)";
}

export async function startPostgres(): Promise<TestServer> {
  const programs = postgresPrograms() ?? "";
  const user = ordinaryUser();
  const directory = mkdtempSync(path.join(os.tmpdir(), "errand-postgres-"));
  chmodSync(directory, 0o700);
  if (user) chownSync(directory, user.uid, user.gid);
  const data = path.join(directory, "data");
  const made = spawnSync(
    path.join(programs, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
    { cwd: directory, encoding: "utf8", ...user },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  return serve(`postgres://postgres@127.0.0.1:${port}/postgres`, {
    command: path.join(programs, "postgres"),
    args: [...["-D", data, "-p", String(port), "-k", directory], ...["-c", "listen_addresses=127.0.0.1"]],
    directory,
    ready: /database system is ready to accept connections/,
    // Fast shutdown: does not wait for clients.
    stopSignal: "SIGINT",
    user,
  });
}

/**
 * A data directory whose embedded database has been initialised already, which takes seconds: made once per machine and copied from
 * there. Remove it with `rmSync`.
 */
export async function embeddedDataDir(): Promise<string> {
  const template = path.join(os.tmpdir(), `errand-embedded-template-${String(process.getuid?.() ?? "user")}`);
  if (!existsSync(template)) {
    const draft = mkdtempSync(path.join(os.tmpdir(), "errand-embedded-draft-"));
    const database = await PGlite.create({ dataDir: draft });
    await database.close();
    try {
      renameSync(draft, template);
    } catch {
      // Another test process was faster.
      rmSync(draft, { recursive: true, force: true });
    }
  }
  const dataDir = mkdtempSync(path.join(os.tmpdir(), "errand-data-"));
  cpSync(template, path.join(dataDir, "store", "database"), { recursive: true });
  return dataDir;
}
