// What the fake delivers, held against GitHub's own description of its webhooks.
import type { JsonObject } from "./render.ts";
import { sharedContract } from "./schema.ts";

/** The payload itself. Throws where GitHub would not send it: a slip in the fake is seen where it is made. */
export function checked(event: string, payload: JsonObject): JsonObject {
  const [mistake] = sharedContract().checkWebhook(event, payload);
  if (mistake === undefined) return payload;
  throw new Error(
    `The fake GitHub would deliver no ${event} of GitHub's: ${mistake.where} ${mistake.message}.`,
  );
}
