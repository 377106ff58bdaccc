// The process's logger: JSON for machines, lines for people. Secrets that are known are blanked out of everything, whatever they came in.
import { Writable } from "node:stream";
import { pino } from "pino";
import type { Logger } from "pino";
import pretty from "pino-pretty";
import type { Log } from "../core/log.ts";

/** For commands that speak to a person in their own words. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export interface LogOptions {
  readonly level: string;
  readonly format: "pretty" | "json";
  /** Texts that must never be printed: the private key, the webhook secret, a store's password. */
  readonly secrets: readonly string[];
}

/** Tokens by the form GitHub gives them, and PEM keys, escaped as JSON writes them. */
const secretForms =
  /\b(?:gh[pousr]_\w{16,}|github_pat_\w{20,})|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g;

function redactor(secrets: readonly string[]): (line: string) => string {
  // A line of a key is as good as the key; short values would blank out ordinary words.
  const known = secrets
    .flatMap((secret) => [secret, ...secret.split("\n")])
    .map((part) => part.trim())
    .filter((part) => part.length >= 8 && !part.startsWith("-----"));
  return (line) =>
    known.reduce(
      (text, secret) => text.replaceAll(secret, "[secret]"),
      line.replace(secretForms, "[secret]"),
    );
}

/** A logger to standard output whose every line has passed the redactor. */
export function createLog({ level, format, secrets }: LogOptions): Logger {
  const redact = redactor(secrets);
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      process.stdout.write(redact(chunk.toString("utf8")), done);
    },
  });
  const destination =
    format === "json"
      ? out
      : pretty({ destination: out, ignore: "pid,hostname", translateTime: "HH:MM:ss", sync: true });
  return pino({ level, base: null }, destination);
}
