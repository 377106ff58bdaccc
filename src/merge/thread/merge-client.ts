// Starts the merge's thread, asks it one thing at a time, and stops it when it takes too long.
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { MergeRules } from "../../core/agent.ts";
import type { ConflictedFile, FileResolution } from "../../core/conflict.ts";
import type { Reply, Request } from "./merge-protocol.ts";

export interface MergeThread extends MergeRules {
  close(): Promise<void>;
}

/** In milliseconds, for one file: parsing its three versions may take 15 s before the parser gives up. */
const defaultDeadline = 20_000;

/** Megabytes of JavaScript heap: a file that wants more is given up as one that takes too long is. */
const mostMemory = 1_024;

const tookTooLong = "The rules took too long on this file, and were stopped.";
const brokeDown = "The rules broke down on this file.";

interface Thread {
  readonly worker: Worker;
  /** Aborted when the thread has ended, for whatever reason. */
  readonly ended: AbortSignal;
}

type Answer = Reply | { readonly kind: "gave-up"; readonly why: string };

/**
 * The rules in a thread of their own, started when it is first asked. One file at a time; one that takes longer than `deadline` milliseconds, or that
 * breaks the thread, stays open with the reason, and the next gets a fresh thread. The thread keeps no process alive. Rejects if it cannot be started.
 */
export function createMergeThread({ deadline = defaultDeadline } = {}): MergeThread {
  let thread: Promise<Thread> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  const askNow = async (request: Request): Promise<Answer> => {
    const started = (thread ??= startThread());
    try {
      const answer = await answerOf(await started, request, deadline);
      if (answer.kind === "gave-up") thread = null;
      return answer;
    } catch (error) {
      thread = null;
      throw error;
    }
  };
  const ask = (request: Request): Promise<Answer> => {
    const turn = last.then(() => askNow(request));
    last = turn.catch(() => undefined);
    return turn;
  };

  return {
    resolve: async (file, options = {}) => resolutionOf(file, await ask({ op: "resolve", file, options })),
    parseErrors: async (filePath, texts) => {
      const answer = await ask({ op: "parse-errors", path: filePath, texts });
      if (answer.kind === "parse-errors") return answer.errors;
      if (answer.kind === "gave-up") return "it took too long to parse";
      throw failure(answer);
    },
    learn: async (merge) => {
      const answer = await ask({ op: "learn", merge });
      return answer.kind === "lesson" ? answer.lesson : gaveUp(answer);
    },
    startLockfile: async (filePath, sides) => {
      const answer = await ask({ op: "start-lockfile", path: filePath, sides });
      return answer.kind === "lockfile-start" ? answer.text : gaveUp(answer);
    },
    verifyLockfile: async (request) => {
      const answer = await ask({ op: "verify-lockfile", request });
      return answer.kind === "lockfile-verdict" ? answer.verdict : gaveUp(answer);
    },
    close: async () => {
      const started = thread;
      thread = null;
      await (await started?.catch(() => null))?.worker.terminate();
    },
  };
}

function resolutionOf(file: ConflictedFile, answer: Answer): FileResolution {
  if (answer.kind === "resolution") return answer.resolution;
  if (answer.kind !== "gave-up") throw failure(answer);
  const hunks = file.segments.flatMap((segment) =>
    segment.kind === "hunk" ? [{ hunk: segment, settlement: null, why: answer.why, candidates: [] }] : [],
  );
  return { path: file.path, hunks, openHunks: [...hunks.keys()], regeneration: null };
}

function gaveUp(answer: Answer): null {
  if (answer.kind === "gave-up") return null;
  throw failure(answer);
}

function failure(answer: Answer): Error {
  return new Error(answer.kind === "error" ? answer.message : "The merge's thread said something else.");
}

async function answerOf({ worker, ended }: Thread, request: Request, deadline: number): Promise<Answer> {
  const late = AbortSignal.timeout(deadline);
  const replied = once(worker, "message", { signal: AbortSignal.any([late, ended]) });
  worker.ref();
  worker.postMessage(request);
  try {
    const [reply] = (await replied) as [Reply];
    return reply;
  } catch {
    await worker.terminate();
    return { kind: "gave-up", why: late.aborted ? tookTooLong : brokeDown };
  } finally {
    worker.unref();
  }
}

/** Arguments that let a thread load TypeScript: for development only, compiled code has none. */
function typescriptLoader(): string[] {
  const api = import.meta.resolve("tsx/esm/api");
  const code = `import { register } from ${JSON.stringify(api)}; register();`;
  return ["--import", `data:text/javascript,${encodeURIComponent(code)}`];
}

/** The thread's file lies beside this one and has the same extension: `.js` when compiled, `.ts` from source. */
async function startThread(): Promise<Thread> {
  const extension = path.extname(fileURLToPath(import.meta.url));
  const worker = new Worker(new URL(`./merge-thread${extension}`, import.meta.url), {
    execArgv: extension === ".ts" ? typescriptLoader() : [],
    resourceLimits: { maxOldGenerationSizeMb: mostMemory },
  });
  const end = new AbortController();
  worker.on("exit", () => {
    end.abort();
  });
  // Without a listener, an error between two requests would end the process.
  worker.on("error", () => {
    end.abort();
  });
  // The first message is `ready`; `once` rejects on the thread's "error".
  await once(worker, "message");
  worker.unref();
  return { worker, ended: end.signal };
}
