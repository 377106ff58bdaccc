// What a tool starts from where a lockfile cannot be merged without a doubt: both sides' entries, for the tool to make a whole of.
import type { Sides } from "../../json/merge.ts";
import { roughCargo } from "./cargo.ts";
import { roughNpm } from "./npm.ts";
import { roughUv } from "./uv.ts";
import { roughYarn } from "./yarn.ts";

export type RoughTool = "npm" | "yarn" | "cargo" | "uv";

const merges: Readonly<Record<RoughTool, (texts: Sides<string>) => string | null>> = {
  npm: roughNpm,
  yarn: roughYarn,
  cargo: roughCargo,
  uv: roughUv,
};

/**
 * Every entry that a side added or changed, none that a side took away and the other left as it was; of two versions of one entry the higher. What depends on
 * what may be wrong in it: it is no lockfile to be kept, only one that tells the tool which versions both sides had. "" is no base. `null` where a side does not
 * read as its tool writes it. Total.
 */
export function roughLockfile(tool: RoughTool, texts: Sides<string>): string | null {
  return merges[tool](texts);
}
