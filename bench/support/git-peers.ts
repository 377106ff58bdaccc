// Git as a peer: `merge-file --union` file by file, and the ort strategy with whitespace ignored on all files in one merge.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { offlineEnvironment } from "../../src/workspace/environment.ts";
import { oneByOne } from "./peer.ts";
import type { Answer, Conflict, Peer } from "./peer.ts";
import { run } from "./program.ts";

/** Writes the three sides into files of these names and says where they are. */
export async function writeSides(
  directory: string,
  { base, ours, theirs }: Conflict,
  extension = "",
): Promise<{ base: string; ours: string; theirs: string }> {
  const at = (name: string) => path.join(directory, `${name}${extension}`);
  const files = { base: at("base"), ours: at("ours"), theirs: at("theirs") };
  await writeFile(files.base, base);
  await writeFile(files.ours, ours);
  await writeFile(files.theirs, theirs);
  return files;
}

export function unionPeer(scratch: string): Peer {
  return oneByOne(
    { name: "git merge-file --union", how: "one process a conflict" },
    {
      applies: () => true,
      merge: async (conflict) => {
        const { base, ours, theirs } = await writeSides(scratch, conflict);
        const { status, stdout } = await run(
          scratch,
          "git",
          "merge-file",
          "-p",
          "-q",
          "--union",
          ours,
          base,
          theirs,
        );
        return status === 0 ? stdout : null;
      },
    },
  );
}

/** Every conflict is a file of one repository, so that one merge answers all: a repository each would measure the making of repositories. */
export function whitespacePeer(scratch: string): Peer {
  return {
    name: "git merge -s ort -X ignore-space-change",
    how: "all in one merge; the time is the mean",
    answer: async (conflicts) => {
      const repository = await mkdtemp(path.join(scratch, "ort-"));
      try {
        return await mergeAll(repository, conflicts);
      } finally {
        await rm(repository, { recursive: true, force: true });
      }
    },
  };
}

const fileName = (index: number): string => `${Math.floor(index / 100)}/${index}`;

async function mergeAll(repository: string, conflicts: readonly Conflict[]): Promise<Answer[]> {
  const git = async (...args: string[]) => run(repository, "git", ...args);
  await git("init", "-q", "-b", "base");
  await importSides(repository, conflicts);
  await git("checkout", "-q", "ours");
  const began = performance.now();
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  const options = ["--no-commit", "--no-ff", "-q", "-s", "ort", "-X", "ignore-space-change"];
  const merged = await git(...identity, "merge", ...options, "theirs");
  const ms = (performance.now() - began) / Math.max(1, conflicts.length);
  if (merged.status !== 0 && merged.status !== 1) throw new Error(`git merge failed: ${merged.stderr}`);

  const { stdout } = await git("diff", "-z", "--name-only", "--diff-filter=U");
  const open = new Set(stdout.split("\0"));
  return await Promise.all(
    conflicts.map(async (_, index) => {
      const name = fileName(index);
      const text = open.has(name) ? null : await readFile(path.join(repository, name), "utf8");
      return { applies: true, text, ms };
    }),
  );
}

/** Three commits, the sides on branches from the base, as a stream for `git fast-import`. */
async function importSides(repository: string, conflicts: readonly Conflict[]): Promise<void> {
  const env = offlineEnvironment(repository, process.env);
  const child = spawn("git", ["fast-import", "--quiet"], {
    cwd: repository,
    env,
    stdio: ["pipe", "ignore", "inherit"],
  });
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (const [index, side] of (["base", "ours", "theirs"] as const).entries()) {
    const from = index === 0 ? "" : "from :1\n";
    const mark = index === 0 ? "mark :1\n" : "";
    const header = `commit refs/heads/${side}\n${mark}committer bench <bench@example.com> ${index} +0000\n`;
    child.stdin.write(`${header}${data(side)}${from}`);
    for (const [number, conflict] of conflicts.entries())
      child.stdin.write(`M 100644 inline ${fileName(number)}\n${data(conflict[side])}`);
  }
  child.stdin.end();
  const [status] = (await once(child, "close")) as [number | null];
  if (status !== 0) throw new Error(`git fast-import failed with ${String(status)}`);
}
