// `errand ledger export`: the examples as a file, whole or not at all.
import { randomUUID } from "node:crypto";
import { link, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { AppError, messageOf } from "../../core/errors.ts";
import type { ModelCall } from "../../core/ledger.ts";
import { printable } from "../bench/printable.ts";
import { exportRows } from "./export-rows.ts";
import type { Exported, ExportOptions } from "./export-rows.ts";
import { allCalls } from "./ports.ts";
import type { LedgerPorts } from "./ports.ts";

export interface ExportCommand extends ExportOptions {
  readonly out: string;
  readonly force: boolean;
  readonly json: boolean;
}

/** Returns the exit code: 0 when rows were written, 1 when there was none to write. Throws `AppError("input")` where the file cannot be written. */
export async function exportLedger(command: ExportCommand, { ledger, print }: LedgerPorts): Promise<number> {
  const calls: ModelCall[] = [];
  for await (const call of allCalls(ledger)) calls.push(call);
  const exported = exportRows(calls, command);
  const isEmpty = exported.rows.length === 0;
  if (!isEmpty) {
    const lines = exported.rows.map((row) => `${JSON.stringify(row)}\n`).join("");
    await writeWhole(command.out, lines, command.force);
  }
  const { rows, train, holdout, cut, left } = exported;
  print(
    command.json
      ? `${JSON.stringify({ out: isEmpty ? null : command.out, rows: rows.length, train, holdout, cut, left }, null, 2)}\n`
      : asText(exported, command),
  );
  return isEmpty ? 1 : 0;
}

/** Readable by its owner alone: it holds code of repositories. */
async function writeWhole(file: string, text: string, force: boolean): Promise<void> {
  const aside = path.join(
    path.dirname(file),
    `.${path.basename(file).slice(0, 60)}.${randomUUID().slice(0, 8)}`,
  );
  try {
    await writeFile(aside, text, { flag: "wx", mode: 0o600 });
    // A link fails where the name is taken; a move would replace what is there.
    await (force ? rename(aside, file) : link(aside, file));
  } catch (cause) {
    const isThere = (cause as NodeJS.ErrnoException).code === "EEXIST";
    throw new AppError(
      "input",
      isThere ? `${file} is there already.` : `${file} cannot be written: ${messageOf(cause)}.`,
      {
        retryable: false,
        remedy: isThere
          ? "Name another file with --out, or give --force to replace it."
          : "Name a file in a folder that is there and that you may write to.",
        cause,
      },
    );
  } finally {
    await rm(aside, { force: true });
  }
}

const reasons = {
  noTexts: "no texts kept (no consent, forgotten, of a fork, or a replay)",
  noTarget: "what people kept is not known, or was taken back",
  noLabel: "what people kept was not among the options shown",
  modelOutput: "a model wrote what people kept: --include-model-outputs has them",
  repeated: "the very same as another row",
  leaking: "about the same as a row that is held out",
} as const satisfies Record<keyof Exported["left"], string>;

function asText({ rows, train, holdout, cut, left }: Exported, { out }: ExportCommand): string {
  const head =
    rows.length === 0
      ? "Nothing to export, so nothing was written."
      : `${rows.length} rows in ${printable(out)}: ${train} to train on, ${holdout} held out${
          cut === null ? "" : ` (all later than ${new Date(cut).toISOString()} among them)`
        }.`;
  const lines = Object.entries(reasons).flatMap(([key, why]) => {
    const count = left[key as keyof typeof reasons];
    return count === 0 ? [] : [`  ${count} left out: ${why}`];
  });
  return `${[head, ...lines].join("\n")}\n`;
}
