// `errand ledger stats`: the figures, as tables or as JSON.
import { dollars } from "../../core/money.ts";
import { percent, renderTable } from "../bench/table.ts";
import { allCalls, dayMs } from "./ports.ts";
import type { LedgerPorts } from "./ports.ts";
import { statsOf } from "./stats.ts";
import type { GroupFigures, Stats } from "./stats.ts";

export interface StatsCommand {
  /** Days to look back; left out: everything that is kept. */
  readonly since?: number | undefined;
  readonly json: boolean;
}

/** Returns the exit code, 0 also where there is no call. */
export async function showStats(
  { since: days, json }: StatsCommand,
  { ledger, now, print }: LedgerPorts,
): Promise<number> {
  const since = days === undefined ? undefined : now() - days * dayMs;
  const stats = await statsOf(allCalls(ledger, { since }));
  print(json ? `${JSON.stringify({ since: since ?? null, ...stats }, null, 2)}\n` : statsText(stats));
  return 0;
}

const nameOf = ({ agent, slot, shadow }: GroupFigures): string =>
  `${agent}/${slot}${shadow ? " (shadow)" : ""}`;

/** "unpriced" where no call has a price, and never part of a sum of money. */
function moneyText(micros: number | null, unpricedCalls: number): string {
  if (micros === null) return "unpriced";
  return unpricedCalls === 0 ? dollars(micros) : `${dollars(micros)} + ${unpricedCalls} unpriced`;
}

function statsText({ calls, groups, roles }: Stats): string {
  if (calls === 0) return "No call of a model is in the ledger (or none in these days).\n";
  const { small, large } = roles;
  return [
    `${calls} calls of models. Of those of errands ${percent(small.share) ?? "–"} were small models' (${small.calls}), ${percent(large.share) ?? "–"} the large one's (${large.calls}).\n`,
    renderTable("How the calls ended", groups.map(endRow)),
    renderTable(
      "What became of the answers (calls; rates of those of which it is known)",
      groups.map(outcomeRow),
    ),
    renderTable("What they took", groups.map(costRow)),
  ].join("\n");
}

const endRow = (group: GroupFigures) => ({
  slot: nameOf(group),
  model: group.model,
  calls: group.calls,
  ...group.statuses,
});

const outcomeRow = (group: GroupFigures) => ({
  slot: nameOf(group),
  model: group.model,
  gates: percent(group.gatePassRate),
  settled: percent(group.acceptedRate),
  ...group.outcomes,
});

const costRow = (group: GroupFigures) => ({
  slot: nameOf(group),
  model: group.model,
  "tokens in": group.inputTokens,
  "tokens out": group.outputTokens,
  cost: moneyText(group.micros, group.unpricedCalls),
  "median ms": group.medianMs,
  "95% ms": group.p95Ms,
});
