// What `errand fix-tests` has of its process: where it was started, its variables, its streams, and the person's Ctrl-C.
import { ownVariables } from "../config/process-environment.ts";
import type { Around } from "./fix-tests.ts";
import { interruptedStatus } from "./fix-tests-text.ts";

/** `release` gives the signals back. */
export function ownProcess(): { readonly around: Around; readonly release: () => void } {
  const stop = new AbortController();
  // The first signal stops what runs, and waits until nothing of it is left; the second ends the process at once.
  const heard = () => {
    if (stop.signal.aborted) process.exit(interruptedStatus);
    stop.abort(new Error("stopped by a signal"));
  };
  const names = ["SIGINT", "SIGTERM"] as const;
  for (const name of names) process.on(name, heard);
  return {
    around: {
      directory: process.cwd(),
      variables: ownVariables(),
      signal: stop.signal,
      print: (text) => process.stdout.write(text),
      tell: (line) => process.stderr.write(`${line}\n`),
      isTerminal: process.stdout.isTTY,
    },
    release: () => {
      for (const name of names) process.off(name, heard);
    },
  };
}
