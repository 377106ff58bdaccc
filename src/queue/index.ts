// The queue of wake-ups: one name per mailbox, never a command.
import { withDeadline } from "../core/deadline.ts";
import type { Log } from "../core/log.ts";
import type { QueueConnection, WakeUps } from "../core/store.ts";
import { openBackend, type WakeUpQueue } from "./backend.ts";
import { queueFailure, tellOnce } from "./failures.ts";
import { startSweeper, type Sweeper, type SweeperSettings } from "./sweeper.ts";
import { startWorker, type Handler, type RunningWorker, type WorkerSettings } from "./worker.ts";

const defaultName = "pull-requests";

/** Milliseconds until the queue counts as unreachable: the webhook has to answer at 2.5 s. */
const deadlineMs = 2_000;

/** Milliseconds for the first connection, which may include making tables. */
const openDeadlineMs = 20_000;

/** Tries of one wake-up. What still lies in the mailbox afterwards is woken by the sweeper. */
const attempts = 10;

/** Seconds that ended jobs stay visible on the queue board, and how many of them. */
const retention = {
  removeOnComplete: { age: 3_600, count: 1_000 },
  removeOnFail: { age: 7 * 24 * 3_600, count: 1_000 },
} as const;

export interface JobQueue {
  readonly wakeUps: WakeUps;
  startWorker(handle: Handler, settings?: WorkerSettings): RunningWorker;
  /** Wakes mailboxes that were left with something in them, for example when a wake-up could not be added. */
  startSweeper(waitingMailboxes: () => Promise<readonly string[]>, settings?: SweeperSettings): Sweeper;
  /** Ends the queue's own connections, not the store's. Close workers and sweepers first. */
  close(): Promise<void>;
}

/**
 * A wake-up that waits for its retry is left alone, whoever asks: the waiting is what a rate limit asked for, and the items of a mailbox are
 * carried out in order anyhow.
 */
async function addWakeUp(
  queue: WakeUpQueue,
  mailbox: string,
  options: { readonly delayMs?: number } = {},
): Promise<void> {
  const adding = queue.add(
    "wake",
    { mailbox },
    {
      attempts,
      backoff: { type: "errand" },
      ...retention,
      ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
      deduplication: {
        // BullMQ does not allow ":" in ids.
        id: mailbox.replaceAll("%", "%25").replaceAll(":", "%3A"),
        // A wake-up that comes while its mailbox is being looked after runs once more afterwards.
        keepLastIfActive: true,
      },
    },
  );
  await withDeadline(adding, deadlineMs).catch((error: unknown) => {
    throw queueFailure("add a wake-up", error);
  });
}

function wakeUpsOf(queue: WakeUpQueue, close: () => Promise<void>): WakeUps {
  return {
    wake: (mailbox, { delayMs } = {}) => addWakeUp(queue, mailbox, delayMs === undefined ? {} : { delayMs }),
    counts: async () => {
      try {
        const counts = await withDeadline(
          queue.getJobCounts("wait", "active", "delayed", "failed"),
          deadlineMs,
        );
        const count = (name: string): number => counts[name] ?? 0;
        return {
          waiting: count("wait"),
          active: count("active"),
          delayed: count("delayed"),
          failed: count("failed"),
        };
      } catch (error) {
        throw queueFailure("count its jobs", error);
      }
    },
    close,
  };
}

/** Throws `AppError("queue", retryable)` when the server cannot be reached. `name`: for more than one queue on one server. */
export async function openQueue(
  connection: QueueConnection,
  log: Log,
  name: string = defaultName,
): Promise<JobQueue> {
  const backend = await withDeadline(openBackend(connection), openDeadlineMs).catch((error: unknown) => {
    throw queueFailure("be opened", error);
  });
  const queue = backend.queue(name);
  queue.on("error", tellOnce(log, "the queue's connection reports a problem"));
  const close = async (): Promise<void> => {
    await withDeadline(queue.close(), deadlineMs).catch(() => undefined);
    backend.close();
  };
  try {
    await withDeadline(queue.waitUntilReady(), openDeadlineMs);
  } catch (error) {
    await close();
    throw queueFailure("be opened", error);
  }
  return {
    wakeUps: wakeUpsOf(queue, close),
    startWorker: (handle, settings = {}) => startWorker(backend, name, handle, { ...settings, log }),
    startSweeper: (waitingMailboxes, settings = {}) =>
      startSweeper(waitingMailboxes, (mailbox) => addWakeUp(queue, mailbox), {
        ...settings,
        log,
      }),
    close,
  };
}
