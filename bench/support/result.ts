// The end of a bench: one JSON object and tables on stdout, the same under bench/results, with what was run, when and on what.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

type Cell = string | number | null;

export interface Table {
  readonly title: string;
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export interface Result {
  /** Name of the bench and of its files. */
  readonly name: string;
  /** As a person would type it; no path of this machine. */
  readonly command: string;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly tables: readonly Table[];
  /** Every bound or count that does not hold, in words. */
  readonly failures: readonly string[];
}

const root = path.resolve(import.meta.dirname, "../..");

/** Says what a bench is doing, to people; stdout belongs to its result. */
export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

function provenance() {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  return {
    date: new Date().toISOString(),
    sha: git("rev-parse", "HEAD"),
    /** Whether tracked files differ from that commit, results aside. */
    modified: git("status", "--porcelain", "--untracked-files=no", "--", ".", ":!bench/results") !== "",
    node: process.version,
    cores: os.availableParallelism(),
    /** Of the last minute, when the bench ended: above the number of cores the machine had other work. */
    load: Number((os.loadavg()[0] ?? 0).toFixed(1)),
  };
}

function markdownTable({ title, rows }: Table): string {
  const columns = Object.keys(rows[0] ?? {});
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(columns.map((column) => String(row[column] ?? ""))));
  return [`## ${title}`, "", line(columns), line(columns.map(() => "---")), ...body, ""].join("\n");
}

/** Prints the result, writes it when `write` is set, and makes the process end with 1 when something failed. */
export function publishResult(result: Result, write: boolean): void {
  const from = provenance();
  const { name, command, figures, tables, failures } = result;
  const json = { command, ...from, failures, ...figures };
  const sha = `${from.sha}${from.modified ? " with changes" : ""}`;
  const markdown = [
    `# ${name}`,
    "",
    `\`${command}\``,
    "",
    `${from.date}, commit ${sha}, Node ${from.node}, ${from.cores} cores, load ${from.load}`,
    "",
    failures.length === 0
      ? "Every bound holds."
      : failures.map((failure) => `- FAILED: ${failure}`).join("\n"),
    "",
    ...tables.map(markdownTable),
  ].join("\n");
  process.stdout.write(`${JSON.stringify(json)}\n\n${markdown}\n`);
  if (write) {
    const directory = path.join(root, "bench", "results");
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, `${name}.json`), `${JSON.stringify(json, null, 2)}\n`);
    writeFileSync(path.join(directory, `${name}.md`), `${markdown.trimEnd()}\n`);
  }
  if (failures.length > 0) process.exitCode = 1;
}
