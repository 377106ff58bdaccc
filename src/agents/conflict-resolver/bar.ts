// How well a settlement's class was measured, and whether that is enough to push it.
import type { Settlement } from "../../core/conflict.ts";
import type { LocalCounts } from "../../core/memory.ts";
import { besideModel, restsOnModel } from "../../core/task.ts";
import { precisionOf } from "../../merge/precision.ts";
import type { Precision } from "../../merge/precision.ts";

/** The settlement under the name of what it rests on. */
export function besideModelAnswer(settlement: Settlement): Settlement {
  return { ...settlement, class: `${besideModel}${settlement.class}` };
}

/** Nothing was shipped that speaks for the class. */
const nothingMeasured = { tiers: {} };

/**
 * As `precisionOf`; but a class that rests on a model speaks for itself alone. Its tier says nothing of it: other models' answers are in that, and of the ranked
 * tier the ranker's own.
 */
function precisionHere(settlement: Pick<Settlement, "tier" | "class">, counts: LocalCounts): Precision {
  const { tier, class: name } = settlement;
  if (!restsOnModel(settlement)) return precisionOf(tier, name, counts);
  const classes = Object.hasOwn(counts, tier) ? counts[tier] : undefined;
  const own = classes && Object.hasOwn(classes, name) ? classes[name] : undefined;
  const ownCounts = own ? { [tier]: { [name]: own } } : {};
  const shipped = precisionOf(tier, name, ownCounts);
  return shipped.from === tier ? precisionOf(tier, name, ownCounts, nothingMeasured) : shipped;
}

/**
 * Lower bound of the class's precision (`null`: never measured), and whether it may be pushed: its bound is at the bar, or a person has approved this very result. What was never measured
 * is below every bar, 0 included.
 */
export function standingOf(
  settlement: Pick<Settlement, "tier" | "class">,
  by: { readonly bar: number; readonly counts: LocalCounts; readonly approved: boolean },
): { readonly precision: number | null; readonly aboveBar: boolean } {
  const { n, local, lower } = precisionHere(settlement, by.counts);
  const isMeasured = n > 0 || local.n > 0;
  return { precision: isMeasured ? lower : null, aboveBar: by.approved || (isMeasured && lower >= by.bar) };
}
