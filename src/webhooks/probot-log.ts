// What Probot and Octokit may log: their own words and a delivery's id, never a delivery's body.
import type { Probot } from "probot";
import { messageOf } from "../core/errors.ts";
import type { Log } from "../core/log.ts";

/** Longest message that is passed on. */
const MAX_MESSAGE = 300;

/** On a bad signature Probot logs the error with the whole delivery attached to it, twice. Only the messages are taken from it. */
function wordsOf(parts: readonly unknown[]): string {
  const words = parts.flatMap((part) => {
    if (typeof part === "string") return [part];
    return part instanceof Error ? [messageOf(part)] : [];
  });
  return words.join(" ").slice(0, MAX_MESSAGE);
}

/** A logger in the shape that Probot asks for, writing to ours. */
export function probotLog(log: Log): Probot["log"] {
  const to =
    (level: keyof Log) =>
    (...parts: unknown[]): void => {
      log[level]({ detail: wordsOf(parts) }, "probot");
    };
  const logger = {
    level: "info",
    silent: () => undefined,
    trace: () => undefined,
    debug: to("debug"),
    info: to("info"),
    warn: to("warn"),
    error: to("error"),
    fatal: to("error"),
    child: () => logger,
  };
  // pino's type has 40 members; Probot, Octokit and the webhook middleware call only these.
  return logger as unknown as Probot["log"];
}
