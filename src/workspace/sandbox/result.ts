// What is said about a run that is over.
import { constants } from "node:os";
import { AppError, messageOf } from "../../core/errors.ts";
import { mostReportBytes, mostReturnedBytes } from "../../core/sandbox.ts";
import type {
  CappedOutput,
  SandboxEnd,
  SandboxLimit,
  SandboxLimits,
  SandboxRequest,
  SandboxResult,
} from "../../core/sandbox.ts";
import type { Exit, Stop } from "./execute.ts";
import { fileKey } from "./frames.ts";
import type { FileKind, Frames, MissingReason } from "./frames.ts";

export interface Ended {
  readonly request: SandboxRequest;
  readonly limits: SandboxLimits;
  readonly stop: Stop | null;
  readonly exit: Exit;
  readonly frames: Frames;
  readonly stdout: CappedOutput;
  readonly stderr: CappedOutput;
  readonly usage: SandboxResult["usage"];
}

/** Throws the abort's reason, what the tree's stream threw, or `AppError("sandbox")` when the program was never started. */
export function resultOf(run: Ended): SandboxResult {
  run.request.signal.throwIfAborted();
  if (run.stop?.kind === "tree") throw asError(run.stop.error);
  const ended = endOf(run);
  const files = filesOf(run, ended);
  return { ended, stdout: run.stdout, stderr: run.stderr, ...files, usage: run.usage };
}

export function couldNotStart(cause: Error): AppError {
  return new AppError("sandbox", `The sandbox could not be started: ${messageOf(cause)}.`, {
    retryable: true,
    remedy: "Run `errand doctor` on the worker's machine; it says what the sandbox needs there.",
    cause,
  });
}

function endOf({ stop, frames, exit, stderr, request }: Ended): SandboxEnd {
  if (stop?.kind === "limit") return { kind: "limit", limit: stop.limit };
  if (frames.code !== null) return endOfCode(frames.code, frames.full);
  if (frames.full) return { kind: "limit", limit: "disk" };
  if (!frames.began) throw neverBegan(frames.failed, request, stderr.text);
  // Its supervisor is gone, and with it what it would have told.
  if (exit.signal !== null) return { kind: "signal", signal: exit.signal };
  const code = exit.code ?? 1;
  return endOfCode(code === 0 ? 1 : code, false);
}

/** Signals that the kernel sends when a limit of one process is passed. */
const limitSignals: Partial<Record<string, SandboxLimit>> = { SIGXCPU: "cpu", SIGXFSZ: "disk" };

/** As every shell has it: 128 and the signal's number. A program that exits with such a number itself reads the same. */
function endOfCode(code: number, full: boolean): SandboxEnd {
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  const limit = signal === undefined ? undefined : limitSignals[signal];
  if (limit !== undefined) return { kind: "limit", limit };
  if (full && code !== 0) return { kind: "limit", limit: "disk" };
  return signal === undefined ? { kind: "exit", code } : { kind: "signal", signal };
}

function neverBegan(failed: Frames["failed"], request: SandboxRequest, words: string): AppError {
  if (failed === "folder") {
    return new AppError("sandbox", `The folder ${request.folder ?? ""} is not in the project.`, {
      retryable: false,
      remedy: "Name a folder of the project for the command to start in.",
    });
  }
  const said = firstLine(words);
  const what =
    failed === "unpack"
      ? "The files could not be unpacked in the sandbox"
      : "The sandbox could not be started";
  return new AppError("sandbox", `${what}${said === "" ? "" : `: ${said}`}.`, {
    retryable: failed === null,
    remedy: "Run `errand doctor` on the worker's machine; it says what the sandbox needs there.",
  });
}

/** Written by bubblewrap or tar, with names of the repository's files in it. */
function firstLine(words: string): string {
  const line = words.trim().split("\n")[0] ?? "";
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return line.replace(/[\u0000-\u001f\u007f-\u009f]/g, " ").slice(0, 300);
}

const reasonWords: Record<MissingReason, (kind: FileKind) => string> = {
  absent: () => "is not there",
  link: () => "is a symbolic link, or lies behind one",
  special: () => "is not a regular file",
  unreadable: () => "cannot be read",
  large: (kind) =>
    `has more than ${(kind === "report" ? mostReportBytes : mostReturnedBytes) / 1024 ** 2} MB`,
};

function filesOf(run: Ended, ended: SandboxEnd): Pick<SandboxResult, "reports" | "returned" | "missing"> {
  const result = { project: new Map<string, Uint8Array>(), report: new Map<string, Uint8Array>() };
  const missing: { path: string; why: string }[] = [];
  for (const [kind, paths] of [
    ["project", run.request.returns],
    ["report", run.request.reports],
  ] as const) {
    for (const [index, path] of paths.entries()) {
      const bytes = run.frames.files.get(fileKey(kind, index));
      if (bytes !== undefined && run.stop === null) result[kind].set(path, bytes);
      else missing.push({ path, why: whyMissing(run, ended, kind, index) });
    }
  }
  return { returned: result.project, reports: result.report, missing };
}

function whyMissing({ frames, stop }: Ended, ended: SandboxEnd, kind: FileKind, index: number): string {
  if (stop?.kind === "limit") return "was not read, because the run passed a limit";
  const reason = frames.missing.get(fileKey(kind, index));
  if (reason !== undefined) return reasonWords[reason](kind);
  return ended.kind === "signal"
    ? `was not read, because the run was ended from inside by ${ended.signal}`
    : "was not read, because the run was ended from inside";
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(messageOf(thrown));
}
