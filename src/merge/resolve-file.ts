// The rules as shipped: which settle conflicts, in which order.
import type { ConflictedFile, FileResolution } from "../core/conflict.ts";
import { changelogTier } from "./changelog/tier.ts";
import { goModDriver } from "./go/drivers.ts";
import { goModTier } from "./go/tier.ts";
import { importsTier } from "./imports/tier.ts";
import { jsonDrivers } from "./json/drivers.ts";
import { jsonTier } from "./json/tier.ts";
import { climb } from "./ladder.ts";
import { ignoreListDriver } from "./lists/ignore-driver.ts";
import { listsTier } from "./lists/tier.ts";
import { lockfileDrivers } from "./lockfiles/drivers.ts";
import type { FileDriver, HunkTier } from "./tier.ts";
import { tomlDrivers } from "./toml/drivers.ts";
import { tomlTier } from "./toml/tier.ts";
import { oneSideTier, sameTier } from "./trivial-tier.ts";
import { yamlDrivers, yamlTier } from "./yaml/drivers.ts";

/** Whole files, each by its own reading. Lockfiles go before the formats they are written in. */
const drivers: readonly FileDriver[] = [
  ...lockfileDrivers,
  goModDriver,
  ...jsonDrivers,
  ...yamlDrivers,
  ...tomlDrivers,
  ignoreListDriver,
];

/** Hunk by hunk. Data goes before text: what looks like a list of lines may be an object whose keys matter. */
export const tiers: readonly HunkTier[] = [
  sameTier,
  jsonTier,
  tomlTier,
  goModTier,
  yamlTier,
  importsTier,
  changelogTier,
  listsTier,
  oneSideTier,
];

/** Settles what rules can settle of one conflicted file. Pure, deterministic, total. */
export function resolveFile(file: ConflictedFile): FileResolution {
  return climb(file, { drivers, tiers });
}
