// What the SQL operations share: how they ask, and the fence that guards every write of a worker.

/** One row that a query gave back; column names are in the query. */
export type Row = Readonly<Record<string, unknown>>;

/** `what` completes "the store could not …". */
export type Query = (what: string, text: string, params: unknown[]) => Promise<readonly Row[]>;

/**
 * Locks the mailbox's turn while the statement runs, so that nobody can take the turn between the check and the write.
 * $1 is the mailbox, $2 the token.
 */
export const fence = "SELECT 1 FROM errand.turns WHERE mailbox = $1 AND token = $2 FOR UPDATE";

export const textOf = (row: Row, column: string): string => String(row[column]);
