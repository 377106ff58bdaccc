// The drivers that merge lockfiles entry by entry.
import type { FileDriver } from "../tier.ts";
import { cargo } from "./cargo.ts";
import { goSum } from "./go-sum.ts";
import { lockfileDriver } from "./lock-driver.ts";
import { pnpm } from "./pnpm.ts";
import { yarn } from "./yarn.ts";

export const lockfileDrivers: readonly FileDriver[] = [pnpm, yarn, cargo, goSum].map(lockfileDriver);
