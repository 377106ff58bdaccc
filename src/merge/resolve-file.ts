// The ladder as shipped: which rules settle conflicts, in which order.
import type { ConflictedFile, FileResolution } from "../core/conflict.ts";
import { changelogTier } from "./changelog/tier.ts";
import { dataTiers } from "./data-tiers.ts";
import { importsTier } from "./imports/tier.ts";
import { jsonDrivers } from "./json/drivers.ts";
import { climb } from "./ladder.ts";
import { listsTier } from "./lists/tier.ts";
import type { HunkTier } from "./tier.ts";
import { oneSideTier, sameTier } from "./trivial-tier.ts";

/** Hunk by hunk. Data goes before text: what looks like a list of lines may be an object whose keys matter. */
export const tiers: readonly HunkTier[] = [
  sameTier,
  ...dataTiers,
  importsTier,
  changelogTier,
  listsTier,
  oneSideTier,
];

/** Settles what the rules can settle of one conflicted file, with the ladder as shipped. Pure, deterministic, total. */
export function resolveFile(file: ConflictedFile): FileResolution {
  return climb(file, { drivers: jsonDrivers, tiers });
}
