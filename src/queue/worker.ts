// The worker: takes wake-ups, one per mailbox at a time, and hands them to the pipeline.
import { setMaxListeners } from "node:events";
import { WaitingError, type Job } from "bullmq";
import { AppError, messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";
import type { Backend, WakeUp, WakeUpWorker } from "./backend.ts";
import { tellOnce } from "./failures.ts";

/**
 * Looks after one mailbox until it is empty. `signal` is aborted when the worker closes or when another worker may have taken the
 * mailbox over; from then on nothing may be published.
 * A retryable error comes back later (after its `retryAfterMs`, where it has one); one that is not is logged, and this wake-up ends.
 */
export type Handler = (mailbox: string, signal: AbortSignal) => Promise<void>;

export interface WorkerSettings {
  /** Mailboxes looked after at once. Default 4. */
  readonly concurrency?: number;
  /** Milliseconds without renewal after which another worker may take over. Default 60 s: a stall of the event loop is shorter. */
  readonly lockMs?: number;
  /** Milliseconds between looks for mailboxes whose worker has died. Default 20 s. */
  readonly stalledCheckMs?: number;
  /** Milliseconds that `close` lets a handler go on before it aborts it. Default 25 s: container runtimes kill after 30 s. */
  readonly closeGraceMs?: number;
  /** First and longest wait before a retry, in milliseconds; doubles in between. Default 2 s and 5 min. */
  readonly retryMs?: { readonly first: number; readonly longest: number };
}

export interface RunningWorker {
  /** Takes nothing new, lets running handlers finish, aborts them after `closeGraceMs`; their mailboxes go back to the queue. */
  close(): Promise<void>;
}

const defaults = {
  concurrency: 4,
  lockMs: 60_000,
  stalledCheckMs: 20_000,
  closeGraceMs: 25_000,
  retryMs: { first: 2_000, longest: 300_000 },
} as const;

/** BullMQ's default of 1 would make two crashes of unrelated workers a permanent failure. */
const maxStalledCount = 50;

/** Milliseconds between looks for work while the server is gone; BullMQ's 15 s would keep people waiting after a restart. */
const refetchMs = 2_000;

/** Milliseconds that a handler has to end after it was aborted, before its connection is cut. */
const abortGraceMs = 3_000;

/** The wait before attempt `attempts + 1`: what the other side asked for, else doubling. */
export function retryDelay(
  attempts: number,
  error: unknown,
  wait: { first: number; longest: number },
): number {
  if (error instanceof AppError && error.retryAfterMs !== undefined) return error.retryAfterMs;
  return Math.min(wait.first * 2 ** Math.max(0, attempts - 1), wait.longest);
}

interface Active {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
}

/** Runs the handler for one job. Throws what makes BullMQ retry; returns when the wake-up is over. */
async function handleJob(job: Job<WakeUp>, handle: Handler, signal: AbortSignal, log: Log): Promise<void> {
  const { mailbox } = job.data;
  try {
    await handle(mailbox, signal);
  } catch (error) {
    const retryable = !(error instanceof AppError) || error.retryable;
    const fields = { mailbox, attempt: job.attemptsMade + 1, error: messageOf(error) };
    if (signal.aborted) log.info(fields, "a run was interrupted");
    else if (retryable) log.warn(fields, "a run failed and will be tried again");
    else log.error(fields, "a run failed for good");
    if (retryable) throw error;
  }
}

async function isOver(work: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, ms, false);
  });
  const over = await Promise.race([work.then(() => true as const), late]);
  clearTimeout(timer);
  return over;
}

/** The handlers running now, and whether the worker is on its way out. */
interface Shift {
  readonly active: Map<string, Active>;
  closing: boolean;
}

/** What BullMQ calls for each job. */
function processorFor(shift: Shift, handle: Handler, log: Log) {
  return async (job: Job<WakeUp>, token?: string): Promise<void> => {
    const giveBack = async (): Promise<never> => {
      await job.moveToWait(token);
      throw new WaitingError();
    };
    // Fetched just before the close began.
    if (shift.closing) return giveBack();
    const id = job.id ?? "";
    const controller = new AbortController();
    // Every git process of a run listens to it, dozens at a time; Node warns at ten as if they leaked.
    setMaxListeners(0, controller.signal);
    const work = handleJob(job, handle, controller.signal, log);
    const ended = work.then(
      () => undefined,
      () => undefined,
    );
    shift.active.set(id, { controller, ended });
    const interrupted = (): boolean => shift.closing && controller.signal.aborted;
    try {
      await work;
    } catch (error) {
      if (!interrupted()) throw error;
    } finally {
      shift.active.delete(id);
    }
    // An aborted handler may have stopped anywhere: another worker has to look at the mailbox at once.
    if (interrupted()) await giveBack();
  };
}

async function closeWorker(worker: WakeUpWorker, shift: Shift, graceMs: number, log: Log): Promise<void> {
  shift.closing = true;
  await worker.pause(true);
  const allEnded = (): Promise<unknown> => Promise.all([...shift.active.values()].map(({ ended }) => ended));
  let quiet = await isOver(allEnded(), graceMs);
  if (!quiet) {
    for (const { controller } of shift.active.values())
      controller.abort(new Error("this worker is shutting down"));
    quiet = await isOver(allEnded(), abortGraceMs);
  }
  // A handler that does not listen is left behind; its lock runs out and another worker takes over.
  if (!(await isOver(worker.close(!quiet), abortGraceMs))) {
    log.warn({}, "the worker did not close in time; its mailboxes go to others when their locks run out");
  }
}

/** Starts at once; runs until closed. */
export function startWorker(
  backend: Backend,
  name: string,
  handle: Handler,
  options: WorkerSettings & { readonly log: Log },
): RunningWorker {
  const { log, ...given } = options;
  const settings = { ...defaults, ...given };
  const shift: Shift = { active: new Map(), closing: false };
  const worker = backend.worker(name, processorFor(shift, handle, log), {
    concurrency: settings.concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledCheckMs,
    maxStalledCount,
    runRetryDelay: refetchMs,
    settings: { backoffStrategy: (attempts, _type, error) => retryDelay(attempts, error, settings.retryMs) },
  });
  worker.on("error", tellOnce(log, "the worker's queue connection reports a problem"));
  worker.on("lockRenewalFailed", (jobIds: readonly string[]) => {
    for (const id of jobIds) {
      shift.active.get(id)?.controller.abort(new Error("the queue gave this mailbox to another worker"));
    }
  });
  let closed: Promise<void> | null = null;
  return { close: () => (closed ??= closeWorker(worker, shift, settings.closeGraceMs, log)) };
}
