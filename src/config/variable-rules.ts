// Rules that environment variables share: each reads a text, or says what it must be. No message repeats the text: it may be a secret in the wrong place.
import { z } from "zod";

/** What `.env.example` and docs/configuration.md say of a variable. */
export interface VariableNote {
  readonly what: string;
  readonly example: string;
  /** In words; `null` when there is none. */
  readonly default: string | null;
}

/** A variable whose text `read` understands; `null` from `read` gives `rule` as the error. */
export function variable<Value>(rule: string, read: (text: string) => Value | null) {
  return z
    .string()
    .transform((text, context) => {
      const value = read(text);
      if (value !== null) return value;
      context.addIssue({ code: "custom", message: rule });
      return z.NEVER;
    })
    .optional();
}

export function integer(least: number, most: number) {
  return variable(`must be a whole number from ${least} to ${most}`, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    return value >= least && value <= most ? value : null;
  });
}

export function oneOf<Word extends string>(...words: Word[]) {
  return variable(
    `must be one of ${words.join(", ")}`,
    (text) => words.find((word) => word === text.toLowerCase()) ?? null,
  );
}

export const text = (rule: string, holds: (text: string) => boolean) =>
  variable(rule, (value) => (holds(value) ? value : null));

/** An entry of a list: its value, or what is wrong with it, as "is not a price". */
export type Entry<Value> = { readonly value: Value } | { readonly fault: string };

/** Entries of one list; who has more has made a mistake. */
const MAX_ENTRIES = 50;

/** Entries between commas; blanks around them and empty ones are dropped. A bad one is told by its number, from 1. */
export function list<Value>(rule: string, read: (entry: string) => Entry<Value>) {
  return z
    .string()
    .transform((text, context) => {
      const texts = text
        .split(",")
        .map((entry) => entry.trim())
        .filter((entry) => entry !== "");
      const refuse = (message: string) => {
        context.addIssue({ code: "custom", message: `${rule}; ${message}` });
        return z.NEVER;
      };
      if (texts.length === 0) return refuse("there is no entry");
      if (texts.length > MAX_ENTRIES) return refuse(`there are more than ${MAX_ENTRIES} entries`);
      const values: Value[] = [];
      for (const [at, entry] of texts.entries()) {
        const one = read(entry);
        if ("fault" in one) return refuse(`entry ${at + 1} ${one.fault}`);
        values.push(one.value);
      }
      return values;
    })
    .optional();
}

/** A list of NAME=VALUE, cut at the first or the last "=" of each; a name may stand there once. */
export function pairs<Value>(
  rule: string,
  cut: "at first =" | "at last =",
  read: (name: string, value: string) => Entry<Value>,
) {
  const pair = (entry: string): Entry<readonly [string, Value]> => {
    const at = cut === "at first =" ? entry.indexOf("=") : entry.lastIndexOf("=");
    if (at < 1) return { fault: "has no name, or no =" };
    const name = entry.slice(0, at).trim();
    const one = read(name, entry.slice(at + 1).trim());
    return "fault" in one ? one : { value: [name, one.value] };
  };
  return list(rule, pair)
    .unwrap()
    .transform((entries, context) => {
      const record = Object.fromEntries(entries);
      if (Object.keys(record).length === entries.length) return record;
      context.addIssue({ code: "custom", message: `${rule}; a name stands there twice` });
      return z.NEVER;
    })
    .optional();
}
