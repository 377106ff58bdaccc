// The tiers that read a hunk as data.
import { jsonTier } from "./json/tier.ts";
import type { HunkTier } from "./tier.ts";
import { tomlTier } from "./toml/tier.ts";

export const dataTiers: readonly HunkTier[] = [jsonTier, tomlTier];
