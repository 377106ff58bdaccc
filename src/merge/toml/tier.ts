// The tier that settles hunks of TOML files by key.
import type { Hunk } from "../../core/conflict.ts";
import { classOf } from "../json/class.ts";
import { explain } from "../json/why.ts";
import type { HunkContext, HunkTier } from "../tier.ts";
import { tomlFile } from "./entry.ts";
import { mergeTomlFragment } from "./fragment.ts";

/** Every change of both sides is in the answer, or there is none: an entry that one side removed and the other changed stays open. */
export const tomlTier: HunkTier = { name: "toml", settle };

function settle(hunk: Hunk, { path, before, after }: HunkContext): ReturnType<HunkTier["settle"]> {
  const file = tomlFile(path);
  const merged = file && mergeTomlFragment(hunk, { before, after, file });
  if (!merged) return null;
  const { text, changes } = merged;
  return { tier: "semantic", class: classOf(changes, "toml"), text, why: explain(changes) };
}
