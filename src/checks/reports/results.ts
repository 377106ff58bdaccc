// Gathers test results under ids that are stable, distinct and bounded.
import type { TestResult } from "../../core/checks.ts";
import { firstLines, oneLine } from "./text.ts";

/** Results of one report. What a runner says beyond that is left out, the same on every tree. */
const mostTests = 100_000;
/** Messages are for people, who read the first few; the rest would only fill memory. */
const mostMessages = 1_000;
const mostParts = 40;

export interface Results {
  /** `parts` are file, suites and title; empty ones are left out, and so is what is empty altogether. `message` is read for a failed test only. */
  readonly add: (parts: readonly string[], status: TestResult["status"], message?: string) => void;
  readonly all: () => readonly TestResult[];
}

export function results(): Results {
  const found: TestResult[] = [];
  const numbers = new Map<string, number>();
  const taken = new Set<string>();
  let messages = 0;

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
      const names = parts.slice(0, mostParts).map((part) => oneLine(part));
      const id = oneLine(names.filter((name) => name !== "").join(" > "));
      if (id === "") return;
      const shown = status === "failed" && messages < mostMessages ? firstLines(message) : "";
      if (shown !== "") messages++;
      found.push({ id: distinct(id), status, message: shown });
    },
    all: () => found,
  };
}
