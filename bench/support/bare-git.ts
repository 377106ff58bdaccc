// The git commands that one merge needs, run by hand: no bookkeeping, no bounds, no second look.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

export interface BareGit {
  readonly directory: string;
  readonly run: (args: readonly string[], options?: RunOptions) => Promise<Buffer>;
}

interface RunOptions {
  readonly input?: string | Buffer;
  /** Exit statuses that are no failure. */
  readonly allowed?: (code: number) => boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Git in `directory`, which talks to `url` with `token`. */
export function bareGit(directory: string, { url, token }: { url: string; token: string }): BareGit {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const settings = {
    [`http.${new URL(url).origin}/.extraHeader`]: `Authorization: Basic ${basic}`,
    "gc.auto": "0",
    "maintenance.auto": "false",
  };
  const pairs = Object.entries(settings);
  const env = {
    PATH: process.env["PATH"] ?? "",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_COUNT: String(pairs.length),
    ...Object.fromEntries(
      pairs.flatMap(([key, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, key],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
  const run: BareGit["run"] = (args, options = {}) =>
    new Promise((resolve, reject) => {
      const { allowed = (code: number) => code === 0, input = "" } = options;
      const child = execFile(
        "git",
        [...args],
        {
          cwd: directory,
          env: { ...env, ...options.env },
          encoding: "buffer",
          maxBuffer: 256 * 1024 * 1024,
        },
        (error, stdout, stderr) => {
          if (error && !allowed(typeof error.code === "number" ? error.code : -1))
            reject(new Error(`git ${args[0] ?? ""}: ${stderr.toString()}`));
          else resolve(stdout);
        },
      );
      child.stdin?.on("error", () => undefined);
      child.stdin?.end(input);
    });
  return { directory, run };
}

const blobless = ["--filter=blob:none"];

export async function cloneBlobless(directory: string, url: string, git: BareGit): Promise<void> {
  await git.run(["clone", "--quiet", "--bare", ...blobless, url, directory]);
}

/** One fetch of commits and trees, by name of the commits. */
export async function fetchCommits({ run }: BareGit, url: string, shas: readonly string[]): Promise<void> {
  const refspecs = shas.map((sha) => `+${sha}:refs/kept/${sha}`);
  await run(["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", ...blobless, url, ...refspecs]);
}

export interface Merged {
  readonly tree: string;
  /** Names of the results' blobs, in the order of the paths. */
  readonly blobs: readonly string[];
}

/** Merges, splits each conflicted file, writes the given results, and makes the tree. */
export async function mergeByHand(
  git: BareGit,
  { url, head, base }: { url: string; head: string; base: string },
  results: ReadonlyMap<string, string>,
): Promise<Merged> {
  const { run } = git;
  const text = async (args: readonly string[], options?: RunOptions) =>
    (await run(args, options)).toString().trim();
  const ancestor = await text(["merge-base", "--all", head, base]);
  await fetchBlobs(git, url, [
    await text(["diff-tree", "-r", "--raw", "--no-abbrev", ancestor, head]),
    await text(["diff-tree", "-r", "--raw", "--no-abbrev", ancestor, base]),
  ]);
  const merge = await text(["merge-tree", "--write-tree", "-z", "--messages", head, base], {
    allowed: (code) => code === 1,
  });
  const scratch = await mkdtemp(path.join(tmpdir(), "errand-bare-"));
  try {
    const env = { GIT_INDEX_FILE: path.join(scratch, "index") };
    const at = [ancestor, head, base];
    const sides = await readBlobs(
      git,
      [...results.keys()].flatMap((name) => at.map((one) => `${one}:${name}`)),
    );
    const blobs: string[] = [];
    for (const result of results.values()) {
      await splitByHand(git, scratch, sides.splice(0, at.length));
      blobs.push(await text(["hash-object", "-w", "--stdin"], { input: result }));
    }
    await run(["read-tree", merge.slice(0, 40)], { env });
    const records = [...results.keys()].map((name, index) => `100644 ${blobs[index] ?? ""}\t${name}\0`);
    await run(["update-index", "-z", "--index-info"], { env, input: records.join("") });
    const tree = await text(["write-tree", "--missing-ok"], { env });
    for (const parent of [head, base])
      await run(["diff-tree", "-r", "-z", "--raw", "--no-abbrev", parent, tree]);
    return { tree, blobs };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** All blobs of paths that both sides changed, in one request. */
async function fetchBlobs({ run }: BareGit, url: string, diffs: readonly string[]): Promise<void> {
  const [ours = [], theirs = []] = diffs.map((diff) => diff.split("\n").map((line) => line.split(/[ \t]/)));
  const pathsOfTheirs = new Set(theirs.map((fields) => fields[5]));
  const pathsOfOurs = new Set(ours.map((fields) => fields[5]));
  const both = [
    ...ours.filter((fields) => pathsOfTheirs.has(fields[5])),
    ...theirs.filter((fields) => pathsOfOurs.has(fields[5])),
  ];
  const oids = new Set(both.flatMap((fields) => fields.slice(2, 4)));
  const input = [...oids].map((oid) => `${oid}\n`).join("");
  const plain = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", "--quiet", "--no-tags"];
  await run([...plain, "--no-write-fetch-head", ...blobless, "--stdin", url], { input });
}

/** All in one go: a header of name, type and size before each, a newline behind it. */
async function readBlobs({ run }: BareGit, objects: readonly string[]): Promise<Buffer[]> {
  const output = await run(["cat-file", "--batch"], { input: objects.map((one) => `${one}\n`).join("") });
  let at = 0;
  return objects.map(() => {
    const start = output.indexOf("\n", at) + 1;
    const end = start + Number(output.subarray(at, start).toString().split(" ")[2]);
    at = end + 1;
    return output.subarray(start, end);
  });
}

/** `sides` are base, ours, theirs. */
async function splitByHand({ run }: BareGit, scratch: string, sides: readonly Buffer[]): Promise<void> {
  const [base = "", ours = "", theirs = ""] = ["base", "ours", "theirs"].map((name) =>
    path.join(scratch, name),
  );
  for (const [index, file] of [base, ours, theirs].entries()) await writeFile(file, sides[index] ?? "");
  await run(["merge-file", "-p", "-q", "--diff3", ours, base, theirs], {
    allowed: (code) => code > 0 && code < 128,
  });
}
