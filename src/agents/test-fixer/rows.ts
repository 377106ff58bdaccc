// The proof as a table: how each test ended on the base, on the head, and with the edits.
import { reportedRows } from "../../core/fix.ts";
import type { FixReport, TestRow, TestState } from "../../core/fix.ts";
import type { SuiteRun } from "../../core/suite.ts";
import type { Reproduced } from "./types.ts";

interface Runs extends Pick<Reproduced, "base" | "head" | "flaky"> {
  /** `null`: nothing was changed, or not run. */
  readonly result: SuiteRun | null;
}

type States = ReadonlyMap<string, TestState>;

/** Tests that fail somewhere come first, then in the order of the head's report; `more` counts those beyond the rows that a report carries. */
export function rowsOf({ base, head, flaky, result }: Runs): Pick<FixReport, "rows" | "more"> {
  const states = { base: statesOf(base), head: statesOf(head), result: statesOf(result) };
  const isFlaky = new Set(flaky.map(({ id }) => id));
  const ids = [
    ...new Set([...head.tests, ...(result?.tests ?? []), ...(base?.tests ?? [])].map(({ id }) => id)),
  ];
  const all = ids.map((id): TestRow => ({
    id,
    base: stateIn(states.base, id),
    head: isFlaky.has(id) ? "flaky" : stateIn(states.head, id),
    result: stateIn(states.result, id),
  }));
  const rows = all
    .map((row, index) => ({ row, index }))
    .toSorted((a, b) => rankOf(a.row) - rankOf(b.row) || a.index - b.index);
  const rest = rows.slice(reportedRows).map(({ row }) => row);
  const passed = rest.filter((row) => (result === null ? row.head : row.result) === "passed").length;
  return {
    rows: rows.slice(0, reportedRows).map(({ row }) => row),
    more: { passed, other: rest.length - passed },
  };
}

function statesOf(run: SuiteRun | null): States | null {
  return run === null || run.status === "stopped"
    ? null
    : new Map(run.tests.map(({ id, status }) => [id, status]));
}

const stateIn = (states: States | null, id: string): TestState =>
  states === null ? "not-run" : (states.get(id) ?? "absent");

/** What failed on the head, then what fails or is gone with the edits, then what failed on the base, then the rest. */
function rankOf({ base, head, result }: TestRow): number {
  if (head === "failed") return 0;
  if (head === "flaky") return 1;
  if (result === "failed" || (result === "absent" && head === "passed")) return 2;
  return base === "failed" ? 3 : 4;
}
