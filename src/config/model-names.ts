// Names of models as people write them, and what they write by mistake: an address, or a key.
import { parseModelName } from "../core/model.ts";

/** Shapes of keys: a known prefix and a long rest, or a long run of mixed letters and digits, as no model is called. */
const keyShapes = [
  /(?:^|[^a-z\d])(?:sk|rk|pk|gsk|xai|hf|nvapi|glpat|gh[pousr]|github_pat|key|token)[-_][\w-]{16,}/i,
  /(?:AIza|AKIA|eyJ)[\w-]{16,}/,
  /(?=[a-z\d]*\d)(?=[a-z\d]*[a-z])[a-z\d]{32,}/i,
];

/** Longest text that is looked at, in UTF-16 units; a name has 253 at most, and the shapes above take time by the square of a text. */
const MAX_NAME = 300;

/** What is wrong with a name: it is an address, it holds something like a key, or it is no `provider:model[@endpoint]`; `null` when it is one. */
export function faultOfModelName(text: string): "address" | "key" | "form" | null {
  if (text.length > MAX_NAME) return "form";
  if (keyShapes.some((shape) => shape.test(text))) return "key";
  if (text.includes("//")) return "address";
  return parseModelName(text) === null ? "form" : null;
}
