// A job's log of any length in constant memory: cut at the step that failed, and reduced to what speaks of the failure.
import { createExcerpt, type Excerpt } from "./log-excerpt.ts";
import { rawLength, readLogLine, type LogLine } from "./log-line.ts";

/** A step of a job, as GitHub tells of it. */
export interface LogStep {
  readonly name: string;
  readonly conclusion: string | null;
  /** Milliseconds since 1970; `null` where it is not known. */
  readonly startedAt: number | null;
  readonly completedAt: number | null;
}

export interface ReducedLog {
  /** The failed step, else the whole log: its head, its tail and what failed, at most 64 KiB of UTF-8, lines of at most 1,000 characters. Hostile text. */
  readonly text: string;
  /** Name of the failed step, one line of at most 200 characters; `null` where none is known. Hostile text. */
  readonly step: string | null;
}

export interface LogReducer {
  /** Any part of the log, cut anywhere. */
  readonly push: (text: string) => void;
  readonly end: () => ReducedLog;
}

const nameLength = 200;
/** Worst first: what a step ended with. */
const failures = ["failure", "timed_out", "cancelled"];

/** Time is linear in the log's length, and memory does not grow with it, whatever the log holds. */
export function createLogReducer(steps: readonly LogStep[] = []): LogReducer {
  const failed = failedStep(steps);
  const whole = createSections();
  const inStep = failed === null ? null : createSections();
  const window = failed === null ? null : windowOf(failed);
  let inside = false;
  let pending = "";

  function take(raw: string): void {
    const line = readLogLine(raw);
    if (window !== null && line.time !== null) inside = line.time >= window.from && line.time <= window.until;
    whole.push(line);
    if (inside) inStep?.push(line);
  }

  return {
    push(text) {
      let start = 0;
      for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
        take(pending + text.slice(start, Math.min(end, start + rawLength)));
        pending = "";
        start = end + 1;
      }
      if (pending.length < rawLength) pending += text.slice(start, start + rawLength);
    },
    end() {
      if (pending !== "") take(pending);
      const best = inStep !== null && inStep.lines() > 0 ? inStep.best() : whole.best();
      return { text: best.text, step: failed === null ? best.name : nameOf(failed.name) };
    },
  };
}

function failedStep(steps: readonly LogStep[]): LogStep | null {
  for (const conclusion of failures) {
    const found = steps.find((step) => step.conclusion === conclusion);
    if (found !== undefined) return found;
  }
  return null;
}

/** The seconds of a step, its first and last among them: GitHub tells of steps by the second. */
function windowOf({ startedAt, completedAt }: LogStep): { from: string; until: string } | null {
  if (startedAt === null || !isDate(startedAt)) return null;
  const until = completedAt !== null && isDate(completedAt) ? second(completedAt) : "9";
  return { from: second(startedAt), until };
}

const isDate = (ms: number): boolean => !Number.isNaN(new Date(ms).getTime());
const second = (ms: number): string => new Date(ms).toISOString().slice(0, "2026-01-01T00:00:00".length);

interface Section {
  readonly excerpt: Excerpt;
  readonly name: string | null;
  /** 2: a command ended badly. 1: something was called an error. 0: neither. */
  grade: number;
}

interface Sections {
  readonly push: (line: LogLine) => void;
  readonly lines: () => number;
  /** The last section that failed worst; all lines where none did. */
  readonly best: () => { text: string; name: string | null };
}

const shown: Readonly<Record<string, string>> = { error: "Error: ", warning: "Warning: ", command: "$ " };
const unshown = new Set(["endgroup", "debug", "add-mask"]);

/** A log without the times of its steps still says where each command begins, and with what it ended. */
function createSections(): Sections {
  const all = createExcerpt();
  let best: Section | null = null;
  let current = sectionOf(null);

  function close(): void {
    if (current.grade > 0 && current.grade >= (best?.grade ?? 0)) best = current;
  }

  return {
    push({ text, marker }) {
      if (unshown.has(marker)) return;
      if (beginsSection(text, marker)) {
        close();
        current = sectionOf(marker === "group" ? nameOf(text) : null);
      }
      if (marker === "error") current.grade = Math.max(current.grade, endedBadly(text) ? 2 : 1);
      const line = `${shown[marker] ?? ""}${text}`;
      all.push(line);
      current.excerpt.push(line);
    },
    lines: all.lines,
    best() {
      close();
      return best === null
        ? { text: all.text(), name: null }
        : { text: best.excerpt.text(), name: best.name };
    },
  };
}

function sectionOf(name: string | null): Section {
  return { excerpt: createExcerpt(), name, grade: 0 };
}

function beginsSection(text: string, marker: string): boolean {
  return (marker === "group" && text.startsWith("Run ")) || text === "Post job cleanup.";
}

function endedBadly(text: string): boolean {
  return text.startsWith("Process completed with exit code") || text.startsWith("The operation was canceled");
}

function nameOf(text: string): string | null {
  const name = text
    .slice(0, nameLength)
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu, " ")
    .trim();
  return name === "" ? null : name;
}
