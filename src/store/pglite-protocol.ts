// What the embedded database's thread and the rest of the process say to each other.

/** `close` is answered like a query. */
export type Request =
  | { readonly id: number; readonly op: "query"; readonly text: string; readonly params: unknown[] }
  | { readonly id: number; readonly op: "close" };

export type Reply =
  | { readonly kind: "ready" }
  | { readonly kind: "rows"; readonly id: number; readonly rows: unknown[]; readonly rowCount: number }
  /** `code` and `detail` as Postgres gives them: the queue decides by them. */
  | {
      readonly kind: "error";
      readonly id: number;
      readonly message: string;
      readonly code?: string;
      readonly detail?: string;
    }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string };
