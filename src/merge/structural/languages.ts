// The languages that can be merged by structure.
import type { GrammarName } from "../../syntax/tree-sitter.ts";
import { ecmascript } from "./ecmascript.ts";
import { go } from "./go.ts";
import { java } from "./java.ts";
import type { StructuralLanguage } from "./language.ts";
import { python } from "./python.ts";
import { rust } from "./rust.ts";

const languages: Readonly<Partial<Record<GrammarName, StructuralLanguage>>> = {
  typescript: ecmascript("typescript"),
  tsx: ecmascript("typescript"),
  javascript: ecmascript("javascript"),
  python,
  java,
  go,
  rust,
};

/** What is known of a grammar's language; `null` where nothing is. */
export function structuralLanguageOf(grammar: GrammarName): StructuralLanguage | null {
  return languages[grammar] ?? null;
}
