// Tries a sandbox before it is trusted: at a worker's start with what takes seconds, in `errand doctor` and the tests with all there is.
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as wait } from "node:timers/promises";
import { AppError } from "../../../core/errors.ts";
import type { Sandbox } from "../../../core/sandbox.ts";
import { architectures } from "../seccomp/numbers.ts";
import type { Finding, Lures, RunAttempt } from "./attempt.ts";
import { notTried, returnedFiles, tryAll } from "./batch.ts";
import { emptyTree } from "./empty-tree.ts";
import { exhaustionAttempts } from "./exhaustion.ts";
import { fileAttempts } from "./files.ts";
import { kernelAttempts } from "./kernel.ts";
import { leakAttempts } from "./leaks.ts";
import { setOutLures } from "./lures.ts";
import { namespaceAttempts } from "./namespaces.ts";
import { networkAttempts } from "./network.ts";
import { outlivingAttempts } from "./outliving.ts";

/** Those with a run of their own. */
export const runAttempts: readonly RunAttempt[] = [...exhaustionAttempts, ...outlivingAttempts];
const cheapAttempts = [
  ...fileAttempts,
  ...namespaceAttempts,
  ...kernelAttempts,
  ...networkAttempts,
  ...leakAttempts,
];

export interface SelfTestOptions {
  /** `start` (where none is named): what a worker can wait for. `all`: with every attempt to use up the machine, some half a minute. */
  readonly extent?: "start" | "all";
  readonly signal?: AbortSignal;
  /** In Node's words; that of the running Node where none is named. */
  readonly arch?: string;
}

export interface SelfTest {
  readonly attempts: readonly Finding[];
  readonly tookMs: number;
}

const seenOutside = {
  name: "the machine's services, seen from outside",
  tries: "Counts how often the listeners were reached, whatever the attempts saw.",
  contained: "Never.",
};

/** Every attempt with what it does and what is expected, for documents and reports. */
export const attempts: readonly Pick<RunAttempt, "name" | "tries" | "contained">[] = [
  ...cheapAttempts,
  returnedFiles,
  ...runAttempts,
  seenOutside,
];

/**
 * Tries to get out of the sandbox, to see more than it should show and to use up the machine. What could not be tried counts as not contained. Never for
 * a sandbox that isolates nothing: attempts that succeed would then be let loose on the machine. Throws `signal`'s reason, and nothing else.
 */
export async function selfTest(sandbox: Sandbox, options: SelfTestOptions = {}): Promise<SelfTest> {
  const startedMs = performance.now();
  const signal = options.signal ?? new AbortController().signal;
  const findings = await findingsOf(sandbox, signal, options);
  signal.throwIfAborted();
  return { attempts: findings, tookMs: performance.now() - startedMs };
}

async function findingsOf(
  sandbox: Sandbox,
  signal: AbortSignal,
  options: SelfTestOptions,
): Promise<Finding[]> {
  const runs = runAttempts.filter(({ atStart }) => atStart || options.extent === "all");
  const named = [...cheapAttempts, returnedFiles];
  const none = (why: string, remedy: string): Finding[] =>
    [...named, ...runs, seenOutside].map(({ name }) => notTried(name, why, remedy));
  const architecture = architectures.find((known) => known === (options.arch ?? process.arch));
  if (sandbox.driver === "none") return none("this driver isolates nothing", "Set the driver to bwrap.");
  if (architecture === undefined)
    return none("no numbers of system calls are known for this processor", "Use an x64 or arm64 machine.");
  const set = await setOutLures().catch((error: unknown) => ({ error }));
  if ("error" in set)
    return none(
      `nothing could be set out: ${String(set.error)}`,
      "Check that the temporary folder can be written.",
    );
  try {
    const batch = { sandbox, attempts: cheapAttempts, lures: set.lures, architecture, signal };
    const [cheap, dear] = await Promise.all([
      tryAll(batch).catch((error: unknown) =>
        named.map(({ name }) => notTried(name, error, remedyOf(error))),
      ),
      tryEach(sandbox, runs, set.lures, signal),
    ]);
    return [...cheap, ...dear, connections(set.reached())];
  } finally {
    await set.takeAway();
  }
}

function connections(reached: number): Finding {
  return {
    name: seenOutside.name,
    contained: reached === 0,
    evidence: reached === 0 ? "no listener was reached" : `listeners were reached ${reached} times`,
    remedy: null,
  };
}

/** Two at a time: each is given the machine's attention, and none waits for all. */
async function tryEach(
  sandbox: Sandbox,
  runs: readonly RunAttempt[],
  lures: Lures,
  signal: AbortSignal,
): Promise<Finding[]> {
  const findings = new Map<string, Finding>();
  const waiting = [...runs];
  const next = async (): Promise<void> => {
    for (let attempt = waiting.shift(); attempt !== undefined; attempt = waiting.shift()) {
      findings.set(attempt.name, await tryOne(sandbox, attempt, lures, signal));
    }
  };
  await Promise.all([next(), next()]);
  return runs.flatMap(({ name }) => findings.get(name) ?? []);
}

async function tryOne(
  sandbox: Sandbox,
  { name, argv, limits, judge }: RunAttempt,
  lures: Lures,
  signal: AbortSignal,
): Promise<Finding> {
  // Of its own, so that what another run leaves is not taken for this one's.
  const token = `${lures.token}-${name.length}-${name.replaceAll(/[^a-z]/g, "")}`.slice(0, 60);
  try {
    const result = await sandbox.run({
      tree: emptyTree,
      argv: argv({ token }),
      limits,
      network: "none",
      cache: null,
      returns: [],
      reports: [],
      signal,
    });
    const left = await survivors(token);
    if (left > 0)
      return { name, contained: false, evidence: `${left} processes are still alive`, remedy: null };
    return { name, ...judge(result), remedy: null };
  } catch (error) {
    return notTried(name, error, remedyOf(error));
  }
}

function remedyOf(error: unknown): string {
  return error instanceof AppError ? error.remedy : "Run `errand doctor`, and look into the log.";
}

/** Processes of this machine whose name or arguments have the token. One that has just been killed is given a moment to be gone. */
async function survivors(token: string): Promise<number> {
  const count = await alive(token);
  if (count === 0) return 0;
  await wait(100);
  return await alive(token);
}

async function alive(token: string): Promise<number> {
  const processes = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((process) => readFile(`/proc/${process}/cmdline`, "utf8").catch(() => "")),
  );
  return lines.filter((line) => line.includes(token)).length;
}

/** How many escapes are named in a sentence. */
const named = 3;

/** `null` where everything was contained; else why nothing may be run, and what to do about it: a sentence or two each, for people. */
export function selfTestProblem({
  attempts: findings,
}: Pick<SelfTest, "attempts">): { why: string; remedy: string } | null {
  const escapes = findings.filter(({ contained }) => !contained);
  if (findings.length === 0) return { why: "The sandbox was not tried.", remedy: "Run `errand doctor`." };
  const [first] = escapes;
  if (first === undefined) return null;
  const listed = escapes.slice(0, named).map(({ name, evidence }) => `${name} (${evidence})`);
  const more = escapes.length - listed.length;
  const remedy = escapes.find((finding) => finding.remedy !== null)?.remedy;
  return {
    why: `The sandbox does not hold: ${listed.join("; ")}${more > 0 ? `; and ${more} more` : ""}.`,
    remedy:
      remedy ??
      "Run `errand doctor` for the whole list; no repository's code is run on this machine until all of it is contained.",
  };
}
