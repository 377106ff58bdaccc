// Which model `errand bench models` measures: a scripted one, or a real one by its name.
import { modelNameText, parseModelName } from "../../core/model.ts";
import { scriptedNames } from "./scripted-models.ts";
import type { ScriptedName } from "./scripted-models.ts";

export type ModelChoice =
  | { readonly kind: "scripted"; readonly name: ScriptedName; readonly text: string }
  | { readonly kind: "real"; readonly text: string };

/** "scripted:oracle", or "provider:model[@endpoint]"; `null` when it is neither. */
export function readChoice(text: string): ModelChoice | null {
  const scripted = scriptedNames.find((name) => text === `scripted:${name}`);
  if (scripted !== undefined) return { kind: "scripted", name: scripted, text };
  const name = parseModelName(text);
  return name === null ? null : { kind: "real", text: modelNameText(name) };
}
