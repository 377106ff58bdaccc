// What `cargo test` writes for people: libtest's own machine-readable form is not stable yet.
import type { TestResult } from "../../core/checks.ts";
import { results, type Results, type Said } from "./results.ts";
import { withoutColours } from "./text.ts";

const words: Readonly<Record<string, TestResult["status"]>> = {
  ok: "passed",
  FAILED: "failed",
  ignored: "skipped",
  "bench:": "passed",
};
const keptLines = 200;
const messageLines = 20;

/** One test binary's part of the output. */
interface Suite {
  readonly name: string;
  readonly announced: number;
  readonly tests: { readonly name: string; readonly status: TestResult["status"] }[];
  /** A test that was begun on a line on which something else was printed. */
  begun: string | null;
  ended: boolean;
}

export function readCargo(coloured: string): readonly TestResult[] | null {
  const lines = withoutColours(coloured).split(/\r?\n/);
  const found = results();
  const messages = messagesOf(lines);
  const suites = suitesOf(lines);
  for (const suite of suites) addSuite(suite, messages, found);
  for (const line of lines) {
    const failed = /^error: could not compile `([^`]+)`(?: \(([^)]+)\))?/.exec(line);
    if (failed !== null) found.add([[failed[1], failed[2]].filter(Boolean).join(", ")], "failed", line);
  }
  return suites.length === 0 && found.all().length === 0 ? null : found.all();
}

function addSuite(suite: Suite, messages: ReadonlyMap<string, string>, found: Results): void {
  for (const { name, status } of suite.tests)
    found.add([suite.name, stable(name)], status, saidOf(suite, messages.get(name) ?? ""));
  if (suite.begun !== null) found.add([suite.name, stable(suite.begun)], "failed", "It did not end.");
  if (!suite.ended)
    found.add([suite.name, "(end of the run)"], "failed", "The test program broke off before its last line.");
}

/** A test stands where it panicked, as far as is known, else in its program's own file. */
function saidOf(suite: Suite, detail: string): Said {
  const panicked = /panicked at (\S{1,4096}\.rs):\d{1,9}:\d{1,9}:?$/m.exec(detail)?.[1];
  return {
    message: detail.split("\n", messageLines).join("\n"),
    detail,
    file: panicked ?? / (\S+\.rs)$/.exec(suite.name)?.[1] ?? "",
  };
}

function suitesOf(lines: readonly string[]): readonly Suite[] {
  const announced = lines.filter((line) => /^running \d+ tests?$/.test(line)).length;
  const names = lines.map(binaryOf).filter((name) => name !== null);
  // A test program without libtest prints no "running": which name belongs to which is then not known.
  const known = names.length === announced ? names : [];
  const suites: Suite[] = [];
  for (const line of lines) {
    const start = /^running (\d{1,9}) tests?$/.exec(line);
    const suite = suites.at(-1);
    if (start !== null) {
      const name = known[suites.length] ?? "";
      suites.push({ name, announced: Number(start[1]), tests: [], begun: null, ended: false });
    } else if (suite !== undefined && !suite.ended) readLine(line, suite);
  }
  return suites;
}

/** "Running unittests src/lib.rs (target/debug/deps/shop-507999230d6984fa)": the crate and where its tests are, without the hash. */
function binaryOf(line: string): string | null {
  const ran = /^\s*Running (?:unittests )?(\S+) \((\S+)\)$/.exec(line);
  if (ran?.[1] !== undefined && ran[2] !== undefined) {
    const program = ran[2].split(/[/\\]/).at(-1) ?? "";
    return `${program.replace(/-[0-9a-f]{8,}(?:\.exe)?$/, "")} ${ran[1]}`;
  }
  const documented = /^\s*Doc-tests (\S+)$/.exec(line);
  return documented?.[1] === undefined ? null : `Doc-tests ${documented[1]}`;
}

function readLine(line: string, suite: Suite): void {
  if (line.startsWith("test result: ")) {
    suite.ended = true;
    return;
  }
  // After the last of them come the captured outputs, in which a test may print what it likes.
  if (suite.tests.length >= suite.announced) return;
  const separator = line.startsWith("test ") ? line.indexOf(" ... ") : -1;
  if (suite.begun !== null) {
    const status = statusOf(line);
    if (status !== undefined) suite.tests.push({ name: suite.begun, status });
    if (status !== undefined) suite.begun = null;
  } else if (separator > 0) {
    const name = line.slice("test ".length, separator);
    const status = statusOf(line.slice(separator + " ... ".length));
    if (status === undefined) suite.begun = name;
    else suite.tests.push({ name, status });
  }
}

function statusOf(said: string): TestResult["status"] | undefined {
  const word = /^(?:ok|FAILED|ignored|bench:)(?=$|[\s,])/.exec(said)?.[0] ?? "";
  return Object.hasOwn(words, word) ? words[word] : undefined;
}

/** A documented example is named by its line, which an edit above it moves. */
function stable(name: string): string {
  return name.replace(/ \(line \d+\)/, "");
}

/** By test, what follows "---- name stdout ----". */
function messagesOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  let current: { readonly name: string; readonly said: string[] } | null = null;
  for (const line of lines) {
    const name = /^---- (.+) (?:stdout|stderr) ----$/.exec(line)?.[1];
    if (name !== undefined) current = { name, said: [] };
    else if (/^(?:failures:|test result: )/.test(line)) current = null;
    else if (current !== null && current.said.length < keptLines) {
      current.said.push(line);
      messages.set(current.name, current.said.join("\n"));
    }
  }
  return messages;
}
