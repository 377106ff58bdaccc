// Gathers test results under ids that are stable, distinct and bounded.
import type { TestResult } from "../../core/checks.ts";
import { cut, firstLines, idLength, oneLine } from "./text.ts";

/** Results of one report. What a runner says beyond that is left out, the same on every tree. */
const mostTests = 100_000;
/** Messages are for people, who read the first few; the rest would only fill memory. */
const mostMessages = 1_000;
const mostParts = 40;
/** Texts that are remembered as one line: those of suites stand before each of their tests, and can be long. */
const mostKnown = 10_000;

export interface Results {
  /** `parts` are file, suites and title; empty ones are left out, and so is what is empty altogether. `message` is read for a failed test only. */
  readonly add: (parts: readonly string[], status: TestResult["status"], message?: string) => void;
  readonly all: () => readonly TestResult[];
}

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
    add(parts, status, message = "") {
      if (found.length >= mostTests) return;
      const names = parts.slice(0, mostParts).map(line);
      const id = cut(names.filter((name) => name !== "").join(" > "), idLength).trim();
      if (id === "") return;
      const shown = status === "failed" && messages < mostMessages ? firstLines(message) : "";
      if (shown !== "") messages++;
      found.push({ id: distinct(id), status, message: shown });
    },
    all: () => found,
  };
}
