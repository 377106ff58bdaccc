// Figures as a table for people: one row a line, columns aligned.
import { printable } from "./printable.ts";

type Cell = string | number | null;
export type Row = Readonly<Record<string, Cell>>;

/** Columns are those of the first row. Numbers stand to the right; `null` is a dash. */
export function renderTable(title: string, rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const body = rows.map((row) => columns.map((column) => shown(row[column] ?? null)));
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...body.map((cells) => cells[index]?.length ?? 0)),
  );
  const numeric = columns.map((column) =>
    rows.every((row) => typeof row[column] !== "string" || isFigure(row[column])),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) =>
        numeric[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return [title, line(columns), line(widths.map((width) => "-".repeat(width))), ...body.map(line), ""].join(
    "\n",
  );
}

const shown = (cell: Cell): string => (cell === null ? "–" : printable(String(cell)));

const isFigure = (cell: string): boolean => /^-?\d+(?:\.\d+)?%?$/.test(cell);

/** A fraction as a person reads it: "61.2%"; `null` where there is nothing to divide by. */
export function percent(fraction: number | null): string | null {
  return fraction === null ? null : `${(fraction * 100).toFixed(1)}%`;
}
