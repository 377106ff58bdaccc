// Evidence on two models as a person reads it.
import { dollars } from "../../core/money.ts";
import { printable } from "../bench/printable.ts";
import { percent, renderTable } from "../bench/table.ts";
import type { Shadow, SlotShadow } from "./shadow.ts";
import type { Evidence, Measured } from "./verdicts.ts";

const row = (slot: string, who: string, { n, right, abstained, precision, lower }: Measured) => ({
  slot,
  model: who,
  answered: n,
  abstained,
  right,
  precision: percent(precision),
  "at least": percent(n === 0 ? null : lower),
});

/** Both models on each slot, and whether the bar is met. */
export function evidenceText(
  model: string,
  evidence: readonly Evidence[],
  incumbents: (one: Evidence) => string,
): string {
  const rows = evidence.flatMap((one) => {
    const slot = `${one.agent}/${one.slot}`;
    return [row(slot, model, one.candidate), row(slot, incumbents(one), one.incumbent)];
  });
  const bars = evidence.map(
    ({ agent, slot, bar }) =>
      `${printable(`${agent}/${slot}`)}: the bar is ${bar.met ? "met" : "not met"}. ${bar.why}\n`,
  );
  return [renderTable("Against what people kept", rows), ...bars].join("\n");
}

function moneyLine({ agent, slot, micros, incumbentMicros, agreement }: SlotShadow): string {
  const [its, before] = [micros, incumbentMicros].map((sum) => (sum === null ? "unpriced" : dollars(sum)));
  const saved = micros === null || incumbentMicros === null ? null : incumbentMicros - micros;
  const share = saved === null || !incumbentMicros ? null : percent(Math.abs(saved) / incumbentMicros);
  const savings =
    saved === null || share === null
      ? ""
      : `: ${dollars(Math.abs(saved))} (${share}) ${saved < 0 ? "more" : "saved"}`;
  return `${printable(`${agent}/${slot}`)}: ${its} in place of ${before}${savings}; the same answer on ${agreement.same} of the ${agreement.n} questions that both answered.\n`;
}

const reasons = {
  noTruth: "what people kept is not known, or was taken back",
  own: "this very model had answered them",
  beyondMax: "beyond --max",
  unasked: "nobody could be asked",
} as const satisfies Record<keyof Shadow["left"], string>;

export function shadowText({ model, runId, slots, left, stopped }: Shadow): string {
  const lines = Object.entries(reasons).flatMap(([key, why]) => {
    const count = left[key as keyof typeof reasons];
    return count === 0 ? [] : [`${count} questions left out: ${why}.\n`];
  });
  const stop = stopped === null ? [] : [`It stopped early: ${stopped.replace(/\p{Cc}/gu, "?")}\n`];
  if (slots.length === 0) {
    const head = "No question was asked again: nothing to compare.\n";
    return [head, ...lines, ...stop].join("");
  }
  const incumbents = (one: Evidence): string =>
    slots.find(({ agent, slot }) => agent === one.agent && slot === one.slot)?.incumbents.join(", ") ??
    "present";
  const tables = evidenceText(model, slots, incumbents);
  return [
    tables,
    "\n",
    ...slots.map(moneyLine),
    ...lines,
    ...stop,
    `\nKept in the ledger as ${runId ?? ""}.\n`,
  ].join("");
}
