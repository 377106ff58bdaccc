// All cheap attempts in one run of the sandbox, and one that sees what came back.
import { messageOf } from "../../../core/errors.ts";
import type { Sandbox, SandboxResult } from "../../../core/sandbox.ts";
import type { Architecture } from "../seccomp/numbers.ts";
import type { CheapAttempt, Finding, Lures } from "./attempt.ts";
import { emptyTree } from "./empty-tree.ts";
import { perlProgram } from "./prelude.ts";

export interface Batch {
  readonly sandbox: Sandbox;
  readonly attempts: readonly CheapAttempt[];
  readonly lures: Lures;
  readonly architecture: Architecture;
  readonly signal: AbortSignal;
}

/** The names that reports have for what is judged from outside. */
export const returnedFiles = {
  name: "the machine's files by what is sent back",
  tries: "Puts links to a file and a folder of the machine where files are taken back from.",
  contained: "What comes back is not the machine's.",
};

const linked = ["probe-link", "probe-folder/file", "probe-folder/../probe-link"];

/** One finding an attempt. Throws as `Sandbox.run` does. */
export async function tryAll(batch: Batch): Promise<Finding[]> {
  const program = perlProgram(batch.attempts, batch.lures, batch.architecture);
  const result = await batch.sandbox.run({
    tree: emptyTree,
    // The links are made first, so that what the attempts do cannot be in their way.
    argv: ["perl", "-e", `${plantLinks(batch.lures)}\n${program}`],
    limits: {
      wallMs: 60_000,
      cpuMs: 60_000,
      memoryBytes: 256 * 1024 ** 2,
      processes: 64,
      diskBytes: 64 * 1024 ** 2,
    },
    network: "none",
    cache: null,
    returns: linked.slice(0, 2),
    reports: ["probe-link"],
    signal: batch.signal,
  });
  const lines = findingsIn(result.stdout.text);
  const findings = batch.attempts.map(({ name }, index) => {
    const line = lines.get(index);
    return line === undefined ? untold(name, result) : findingOf(name, line);
  });
  return [...findings, judgeReturned(result, batch.lures)];
}

function plantLinks({ filePath }: Lures): string {
  const folder = filePath.slice(0, filePath.lastIndexOf("/"));
  return `symlink '${filePath}', 'probe-link'; symlink '${folder}', 'probe-folder'; symlink '${filePath}', '/reports/probe-link';`;
}

function judgeReturned(result: SandboxResult, { token }: Lures): Finding {
  const leaked = [...result.returned, ...result.reports].find(([, bytes]) =>
    Buffer.from(bytes).includes(token),
  );
  return {
    name: returnedFiles.name,
    contained: leaked === undefined,
    evidence: leaked === undefined ? "nothing of it came back" : `${leaked[0]} brought the machine's file`,
    remedy: null,
  };
}

interface Line {
  readonly kind: string;
  readonly evidence: string;
}

function findingsIn(text: string): Map<number, Line> {
  return new Map(
    [...text.matchAll(/^#(\d+) ([ceu]) (.*)$/gm)].map(([, index, kind = "", evidence = ""]) => [
      Number(index),
      { kind, evidence },
    ]),
  );
}

function findingOf(name: string, { kind, evidence }: Line): Finding {
  if (kind !== "u") return { name, contained: kind === "c", evidence, remedy: null };
  return { name, contained: false, evidence: `could not be tried: ${evidence}`, remedy: tellUs };
}

const tellUs =
  "Run `errand doctor` for the whole list; if the machine is sound, this is a fault of Errand's to report.";

function untold(name: string, result: SandboxResult): Finding {
  const noPerl = result.ended.kind === "exit" && result.ended.code === 127;
  const why = noPerl ? "there is no perl" : `the probe ended early: ${endOf(result)}`;
  return {
    name,
    contained: false,
    evidence: `could not be tried: ${why}`,
    remedy: noPerl ? "Install perl (Debian and Ubuntu: perl-base)." : tellUs,
  };
}

function endOf({ ended, stderr }: SandboxResult): string {
  const how =
    ended.kind === "exit"
      ? `status ${ended.code}`
      : ended.kind === "signal"
        ? ended.signal
        : `limit ${ended.limit}`;
  const said = stderr.text.trim().split("\n").at(-1) ?? "";
  return said === "" ? how : `${how}, ${said.slice(0, 200)}`;
}

/** The finding of an attempt whose run threw. */
export function notTried(name: string, error: unknown, remedy: string): Finding {
  return { name, contained: false, evidence: `could not be tried: ${messageOf(error)}`, remedy };
}
