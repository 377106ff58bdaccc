// From a model's name to a client: the one place where a key meets an address.
import { modelNameText } from "../../core/model.ts";
import type { ModelClient, ModelName } from "../../core/model.ts";
import type { ModelSettings } from "../../core/model-settings.ts";
import { anthropicClient, anthropicUrl } from "./anthropic.ts";
import type { CallOptions, Target } from "./call.ts";
import { failure, toAppError } from "./failure.ts";
import type { Addressee } from "./failure.ts";
import { openaiClient, openaiUrl } from "./openai.ts";

/** A small model on a slow machine may need a minute for an errand's prompt. */
const defaultTimeoutMs = 120_000;

const clients = { openai: openaiClient, anthropic: anthropicClient };
const publicUrls = { openai: openaiUrl, anthropic: anthropicUrl };
const keyVariables = { openai: "OPENAI_API_KEY", anthropic: "ANTHROPIC_API_KEY" };

/**
 * Clients by name; the same name gets the same client. One whose key or endpoint is not configured rejects every call with `AppError("model")` that names the
 * variable. A provider's key goes to its public API alone, an endpoint's to its own address.
 */
export function clientFor(
  settings: Pick<ModelSettings, "keys" | "endpoints">,
  { timeoutMs = defaultTimeoutMs, fetch = globalThis.fetch }: Partial<CallOptions> = {},
): (name: ModelName) => ModelClient {
  const made = new Map<string, ModelClient>();
  return (name) => {
    const text = modelNameText(name);
    const client = made.get(text) ?? makeClient(name, settings, { timeoutMs, fetch });
    made.set(text, client);
    return client;
  };
}

function makeClient(
  name: ModelName,
  { keys, endpoints }: Pick<ModelSettings, "keys" | "endpoints">,
  options: CallOptions,
): ModelClient {
  const make = (target: Target): ModelClient => clients[name.provider](target, options);
  if (name.endpoint === null) {
    const addressee = { name, keyVariable: keyVariables[name.provider] };
    const key = keys[name.provider];
    if (key === null) return unable("no key", addressee);
    return make({ ...addressee, url: publicUrls[name.provider], key });
  }
  const addressee = { name, keyVariable: "ERRAND_ENDPOINT_KEYS" };
  const endpoint = Object.hasOwn(endpoints, name.endpoint) ? endpoints[name.endpoint] : undefined;
  if (!endpoint) return unable("no endpoint", addressee);
  return make({ ...addressee, ...endpoint });
}

function unable(word: "no key" | "no endpoint", addressee: Addressee): ModelClient {
  return { generate: () => Promise.reject(toAppError(failure(word), addressee)) };
}
