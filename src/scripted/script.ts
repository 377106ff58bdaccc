// What a scripted model is asked, and what it may do about it.
import type { Usage } from "../core/model.ts";

/** A request that the server accepted, whichever format it came in. */
export interface ScriptedRequest {
  readonly wire: "openai" | "anthropic";
  readonly model: string;
  readonly system: string;
  readonly user: string;
  /** JSON Schema that the answer should have; `null` for free text. */
  readonly schema: unknown;
  readonly maxOutputTokens: number;
  readonly seed: number | null;
  readonly key: string | null;
}

export type ScriptedReply =
  | {
      readonly kind: "text";
      readonly text: string;
      /** Left out: "end". */
      readonly stop?: "end" | "length" | "refusal";
      /** `null`: none is told. Left out: `tokensOf` of what was asked and answered. */
      readonly usage?: Usage | null;
    }
  /** A refusal in the format's own shape. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly retryAfterSeconds?: number;
      readonly message?: string;
    }
  /** A body of any kind, with status 200. */
  | { readonly kind: "raw"; readonly body: string; readonly contentType?: string }
  /** Nothing, until the server is closed. */
  | { readonly kind: "hang" }
  | { readonly kind: "slow"; readonly ms: number; readonly then: ScriptedReply }
  /** The connection is closed without an answer. */
  | { readonly kind: "drop" };

/** A script: asked once for each request. */
export type Answerer = (asked: ScriptedRequest) => ScriptedReply | Promise<ScriptedReply>;

/** The server's own way of counting: four UTF-8 bytes are a token. */
export function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

export function countUsage({ system, user }: ScriptedRequest, text: string): Usage {
  return {
    inputTokens: tokensOf(system) + tokensOf(user),
    cachedTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: tokensOf(text),
  };
}
