// YAML read without ever printing it back: errors.
import { parseAllDocuments } from "yaml";

/** Number of syntax errors over all documents of a text; 0 means that it parses. Total. */
export function countErrors(text: string): number {
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent" });
    return Array.from(documents).reduce((sum, document) => sum + document.errors.length, 0);
  } catch {
    return 1;
  }
}
