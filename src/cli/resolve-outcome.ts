// What the ladder made of a file, held against the bar and summed up for a person.
import type { FileResolution } from "../core/conflict.ts";
import { standingOf } from "../agents/conflict-resolver/bar.ts";
import type { LocalMemory } from "./local-memory.ts";
import type { FileSummary } from "./resolve-text.ts";

/** Opens again what was settled by a rule that is not sure enough. */
export function aboveBar(resolution: FileResolution, bar: number, { counts }: LocalMemory): FileResolution {
  const hunks = resolution.hunks.map((one) => {
    if (!one.settlement) return one;
    const precision = standingOf(one.settlement, { bar, counts, approved: false }).precision ?? 0;
    if (precision >= bar) return one;
    const why = `There is an answer, of precision ${precision.toFixed(2)}: below the bar.`;
    return { ...one, settlement: null, why };
  });
  const reopened = hunks.flatMap(({ settlement }, index) =>
    settlement === null && !resolution.openHunks.includes(index) ? [index] : [],
  );
  return { ...resolution, hunks, openHunks: [...resolution.openHunks, ...reopened] };
}

export function summaryOf({ path: file, hunks }: FileResolution, { counts }: LocalMemory): FileSummary {
  const rows = hunks.map(({ settlement, why }) =>
    settlement
      ? {
          settled: true,
          tier: settlement.tier,
          class: settlement.class,
          precision:
            settlement.tier === "human"
              ? null
              : (standingOf(settlement, { bar: 0, counts, approved: false }).precision ?? 0),
          why,
        }
      : { settled: false, tier: "human" as const, class: "open", precision: null, why },
  );
  return { path: file, resolved: rows.every(({ settled }) => settled), why: null, hunks: rows };
}
