// YAML read without ever printing it back: errors.
import { isScalar, parseAllDocuments, visit } from "yaml";
import type { Document, YAMLMap } from "yaml";

/** Number of syntax errors over all documents of a text, names that a map has twice among them; 0 means that it parses. Total. */
export function countErrors(text: string): number {
  try {
    // The parser's own check of names compares every two: minutes for a map of many thousands.
    const documents = Array.from(parseAllDocuments(text, { logLevel: "silent", uniqueKeys: false }));
    return documents.reduce((sum, document) => sum + document.errors.length + countRepeats(document), 0);
  } catch {
    return 1;
  }
}

function countRepeats(document: Document): number {
  let repeats = 0;
  visit(document, {
    Map: (_, map) => {
      repeats += repeatsIn(map);
    },
  });
  return repeats;
}

/** Scalar names beyond the first of each value. */
function repeatsIn({ items }: YAMLMap): number {
  const names = items.flatMap(({ key }) => (isScalar(key) ? [key.value] : []));
  return names.length - new Set(names).size;
}
