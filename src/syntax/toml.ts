// TOML read without ever printing it back: errors.
import { parse } from "smol-toml";

/** 0 if the text parses, 1 if not: the parser stops at the first error. Total. */
export function countErrors(text: string): number {
  try {
    parse(text, { integersAsBigInt: "asNeeded" });
    return 0;
  } catch {
    return 1;
  }
}
