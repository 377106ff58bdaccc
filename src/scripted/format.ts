// A wire format from the server's side: bodies checked as strictly as the real API checks them, answers as it gives them.
import type { IncomingHttpHeaders } from "node:http";
import type { z } from "zod";
import type { Usage } from "../core/model.ts";
import type { ScriptedRequest } from "./script.ts";

export interface FinishedText {
  readonly model: string;
  readonly text: string;
  readonly stop: "end" | "length" | "refusal";
  readonly usage: Usage | null;
}

export interface Format {
  /** What the request asks for, or why the real API would refuse it. */
  readonly read: (body: unknown, headers: IncomingHttpHeaders) => ReadRequest;
  readonly answer: (finished: FinishedText) => unknown;
  readonly refusal: (status: number, message: string) => unknown;
}

type ReadRequest = { readonly asked: ScriptedRequest } | { readonly refused: string };

/** The first fault that zod found, in one line. */
export function faultOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue ? `${issue.path.join(".") || "body"}: ${issue.message}` : "The body is not valid.";
}

/** `null` where none was sent. */
export function bearerOf({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer (.+)$/.exec(authorization ?? "")?.[1] ?? null;
}
