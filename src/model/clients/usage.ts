// What a call used, as servers tell it: numbers of theirs, so none is believed that cannot be.
import { z } from "zod";
import type { Usage } from "../../core/model.ts";

export const Count = z.number().int().nonnegative();
/** For parts of a count that not every server tells. */
export const PartCount = Count.nullish().catch(0);

/** What is cached and what is written to the cache are parts of the input, never more than all of it. */
export function usageOf({ inputTokens, cachedTokens, cacheWriteTokens, outputTokens }: Usage): Usage {
  const cached = Math.min(cachedTokens, inputTokens);
  return {
    inputTokens,
    cachedTokens: cached,
    cacheWriteTokens: Math.min(cacheWriteTokens, inputTokens - cached),
    outputTokens,
  };
}
