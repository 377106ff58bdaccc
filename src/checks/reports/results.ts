// Gathers test results under ids that are stable, distinct and bounded.
import type { TestResult } from "../../core/checks.ts";
import { cut, firstLines, idLength, oneLine, wholeText } from "./text.ts";

/** Results of one report. What a runner says beyond that is left out, the same on every tree. */
const mostTests = 100_000;
/** Messages are for people, who read the first few; the rest would only fill memory. */
const mostMessages = 1_000;
const mostParts = 40;
/** Texts that are remembered as one line: those of suites stand before each of their tests, and can be long. */
const mostKnown = 10_000;

export interface Results {
  /** `parts` are file, suites and title; empty ones are left out, and so is what is empty altogether. What it said is read of a failed test only. */
  readonly add: (parts: readonly string[], status: TestResult["status"], said?: string | Said) => void;
  readonly all: () => readonly TestResult[];
}

/** What is known of a test beside its name. */
export interface Said {
  /** What went wrong in few words. */
  readonly message?: string;
  /** The whole of it; left out: the message. */
  readonly detail?: string;
  /** The test's file as the report names it; "" where it does not. */
  readonly file?: string;
  /** Where it is a suite's own word. */
  readonly suite?: NonNullable<TestResult["suite"]>;
}

/** Characters of a path: what Linux takes (PATH_MAX). */
const longestPath = 4_096;

export function results(): Results {
  const found: TestResult[] = [];
  const numbers = new Map<string, number>();
  const taken = new Set<string>();
  const known = new Map<string, string>();
  let messages = 0;

  function line(part: string): string {
    const before = known.get(part);
    if (before !== undefined) return before;
    const made = oneLine(part);
    if (known.size >= mostKnown) known.clear();
    known.set(part, made);
    return made;
  }

  /** The counter of an id only ever grows, so that a report full of repeated ids costs no more than its length. */
  function distinct(id: string): string {
    let number = numbers.get(id) ?? 1;
    let name = number === 1 ? id : `${id} (${number})`;
    while (taken.has(name)) name = `${id} (${++number})`;
    numbers.set(id, number);
    taken.add(name);
    return name;
  }

  return {
    add(parts, status, said = "") {
      if (found.length >= mostTests) return;
      const names = parts.slice(0, mostParts).map(line);
      const id = cut(names.filter((name) => name !== "").join(" > "), idLength).trim();
      if (id === "") return;
      const told = status === "failed" && messages < mostMessages ? toldBy(said) : nothing;
      if (told !== nothing) messages++;
      found.push({ id: distinct(id), status, ...told, ...fileOf(said), ...suiteOf(said) });
    },
    all: () => found,
  };
}

type Told = Pick<TestResult, "message" | "detail">;
const nothing: Told = { message: "" };

function toldBy(said: string | Said): Told {
  const { message = "", detail = message } = typeof said === "string" ? { message: said } : said;
  const whole = wholeText(detail);
  return whole === "" ? nothing : { message: firstLines(message), detail: whole };
}

function suiteOf(said: string | Said): Pick<TestResult, "suite"> {
  return typeof said === "string" || said.suite === undefined ? {} : { suite: said.suite };
}

function fileOf(said: string | Said): Pick<TestResult, "file"> {
  const file = typeof said === "string" ? "" : (said.file ?? "");
  return file === "" || file.length > longestPath ? {} : { file: oneLine(file, longestPath) };
}
