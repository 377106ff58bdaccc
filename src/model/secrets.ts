// The operator's own keys: taken out of every text that is kept or shown.
import type { ModelSettings } from "../core/model-settings.ts";

export function secretsOf({ keys, endpoints }: Pick<ModelSettings, "keys" | "endpoints">): string[] {
  const all = [keys.openai, keys.anthropic, ...Object.values(endpoints).map(({ key }) => key)];
  return all.filter((key) => key !== null);
}
