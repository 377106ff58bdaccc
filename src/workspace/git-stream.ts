// Runs git and hands on what it writes while it writes: nothing of it is kept, and nobody who stops reading leaves a git behind.
import { setMaxListeners } from "node:events";
import { AppError } from "../core/errors.ts";
import { cleanText, commandOf, ending, killGroup, startGit, tooSlow } from "./git.ts";
import type { GitSetup } from "./git.ts";

/**
 * Standard output, chunk by chunk. Throws `AppError("workspace")` after the last chunk where git failed, at once where git is silent for the setup's
 * time limit, and the signal's reason once that is aborted. `doing` ends the sentence "Git failed while …".
 */
export type GitStream = (args: readonly string[], doing: string) => AsyncGenerator<Uint8Array, void, void>;

/** Bytes of standard error that are looked at. */
const errorBytes = 64 * 1024;

export function gitStreamFor(setup: GitSetup): GitStream {
  setMaxListeners(0, setup.signal);
  return async function* (args, doing) {
    setup.signal.throwIfAborted();
    const child = startGit(setup, args, setup.env);
    const stop = () => {
      killGroup(child.pid);
    };
    setup.signal.addEventListener("abort", stop, { once: true });
    const ended = ending(child);
    // Who stops reading never asks how it ended.
    ended.catch(() => undefined);
    const heard = { complaint: "", silent: false };
    child.stderr.on("data", (chunk: Buffer) => {
      if (heard.complaint.length < errorBytes) heard.complaint += chunk.toString("utf8");
    });
    child.stdin.on("error", () => undefined);
    child.stdin.end();
    try {
      yield* untilSilent(child.stdout, setup.timeoutMs, () => {
        stop();
        heard.silent = true;
      });
      const code = await ended;
      setup.signal.throwIfAborted();
      if (heard.silent) throw tooSlow(commandOf(args), setup.timeoutMs);
      if (code !== 0) throw failed(doing, cleanText(heard.complaint, setup.secrets), code);
    } catch (error) {
      // Output breaks off where git could not be started: that is the reason to tell.
      stop();
      await ended;
      throw error;
    } finally {
      setup.signal.removeEventListener("abort", stop);
      stop();
      // What was read half must not fill the pipe that `close` waits for.
      child.stdout.destroy();
      await ended.catch(() => undefined);
    }
  };
}

/** The chunks of a stream. The time that the reader takes between two of them does not count. */
async function* untilSilent(
  stream: AsyncIterable<Uint8Array>,
  timeoutMs: number,
  tellSilent: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = stream[Symbol.asyncIterator]();
  for (;;) {
    const timer = setTimeout(tellSilent, timeoutMs);
    const next = await chunks.next().finally(() => {
      clearTimeout(timer);
    });
    if (next.done === true) return;
    yield next.value;
  }
}

function failed(doing: string, complaint: string, code: number): AppError {
  return new AppError(
    "workspace",
    `Git failed while ${doing}: git said: ${complaint || `exit status ${code}`}`,
    {
      retryable: false,
      remedy: "Look at the repository with the same git command; if it works there, report this as a bug.",
    },
  );
}
