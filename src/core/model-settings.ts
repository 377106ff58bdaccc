// What the operator says about models: which may be asked, where, at what price, and up to which sum. Keys are in it: never logged, never stored.
import type { MicroDollars } from "./ledger.ts";

/** Dollars for a million tokens, as price lists have them. */
export interface ListPrice {
  readonly input: number;
  readonly output: number;
  /** Input read from, and written to, the provider's cache; left out where it costs what input costs. */
  readonly cached?: number;
  readonly cacheWrite?: number;
}

interface ModelEndpoint {
  /** Base URL as the SDKs take it: "http://127.0.0.1:11434/v1". */
  readonly url: string;
  readonly key: string | null;
}

export interface ModelSettings {
  /** Names (`provider:model[@endpoint]`) that may be asked at all; a repository's file chooses among them. */
  readonly allowed: readonly string[];
  /** Who is asked for each role, in order: the next where one cannot answer. Empty: nobody. */
  readonly roles: { readonly small: readonly string[]; readonly large: readonly string[] };
  readonly keys: { readonly openai: string | null; readonly anthropic: string | null };
  readonly endpoints: Readonly<Record<string, ModelEndpoint>>;
  /** The operator's own prices, by model name or "@endpoint"; they win over every list. An explicit 0 is how a server of one's own is free. */
  readonly prices: Readonly<Record<string, ListPrice>>;
  /** Whether a model without a known price may be asked all the same; it is then shown as "unpriced". */
  readonly allowUnpriced: boolean;
  readonly budget: {
    readonly run: MicroDollars;
    readonly pull: MicroDollars;
    /** Everything together, by UTC day. */
    readonly day: MicroDollars;
    /** Each installation, by UTC month. */
    readonly installation: MicroDollars;
  };
  /** Days that rows of the ledger are kept, and their contents (where a repository consents to any). */
  readonly ledgerDays: { readonly rows: number; readonly contents: number };
}
