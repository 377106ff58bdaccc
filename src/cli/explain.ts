// An error as a person reads it on a terminal: what happened and why, then what to do.
import { AppError, messageOf } from "../core/errors.ts";

export function explain(error: unknown): string {
  if (error instanceof AppError) return `errand: ${error.message}\n  → ${error.remedy}\n`;
  return `errand: ${messageOf(error)}\n  → This is unexpected. Run again with LOG_LEVEL=debug, and report it with what you see.\n`;
}
