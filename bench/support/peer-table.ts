// One row a tool: what it applies to, what it settles, how often it is right, how long it takes.
import { isRight } from "../../src/merge/score.ts";
import type { Absent, Conflict, Peer } from "./peer.ts";
import { progress } from "./result.ts";
import type { Table } from "./result.ts";
import { median, round } from "./statistics.ts";

type Row = Table["rows"][number];

const percent = (part: number, whole: number): string | null =>
  whole === 0 ? null : `${((part / whole) * 100).toFixed(1)}%`;

/** Asks the tools in turn. "Exact" is equal but for blanks at the ends; "right" counts answers with comments and layout aside, too. */
export async function peerTable(
  title: string,
  conflicts: readonly Conflict[],
  peers: readonly (Peer | Absent)[],
): Promise<Table> {
  const rows: Row[] = [];
  for (const peer of peers) {
    progress(`peers: ${title}: ${peer.name}`);
    rows.push("absent" in peer ? absentRow(peer) : await peerRow(peer, conflicts));
  }
  return { title: `${title} (${conflicts.length})`, rows };
}

async function peerRow(peer: Peer, conflicts: readonly Conflict[]): Promise<Row> {
  const answers = await peer.answer(conflicts);
  const applied = answers.filter(({ applies }) => applies);
  const scores = answers.flatMap(({ text }, index) => {
    const score = text === null ? undefined : conflicts[index]?.judge(text);
    return score === undefined || score === "abstained" ? [] : score;
  });
  const exact = scores.filter((score) => score === "exact").length;
  const right = scores.filter(isRight).length;
  return {
    tool: peer.name,
    "applies to": applied.length,
    settled: scores.length,
    "right when settled": percent(right, scores.length),
    exact,
    "exact of all": percent(exact, conflicts.length),
    "right of all": percent(right, conflicts.length),
    "median ms": applied.length === 0 ? null : round(median(applied.map(({ ms }) => ms)), 2),
    how: peer.how,
  };
}

function absentRow({ name, absent }: Absent): Row {
  return {
    tool: name,
    "applies to": "absent",
    settled: null,
    "right when settled": null,
    exact: null,
    "exact of all": null,
    "right of all": null,
    "median ms": null,
    how: absent,
  };
}
