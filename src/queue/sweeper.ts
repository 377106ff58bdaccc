// Belt and braces: every minute, mailboxes that hold something are woken again.
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

export interface SweeperSettings {
  /** Milliseconds between sweeps. Default one minute. */
  readonly everyMs?: number;
}

export interface Sweeper {
  /** Resolves when a sweep under way has ended. */
  stop(): Promise<void>;
}

const minuteMs = 60_000;

/** Sweeps at once, so that a restart picks up what was left, and then again and again. A failed sweep is logged; the next one tries again. */
export function startSweeper(
  waitingMailboxes: () => Promise<readonly string[]>,
  wake: (mailbox: string) => Promise<void>,
  options: SweeperSettings & { readonly log: Log },
): Sweeper {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const sweep = async (): Promise<void> => {
    try {
      for (const mailbox of await waitingMailboxes()) {
        if (stopped) return;
        await wake(mailbox);
      }
    } catch (error) {
      options.log.warn(
        { error: messageOf(error) },
        "waiting mailboxes could not be woken; the next sweep tries again",
      );
    }
  };
  let current: Promise<void>;
  const again = (): void => {
    current = sweep().then(() => {
      if (stopped) return;
      timer = setTimeout(again, options.everyMs ?? minuteMs);
      timer.unref();
    });
  };
  again();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current;
    },
  };
}
