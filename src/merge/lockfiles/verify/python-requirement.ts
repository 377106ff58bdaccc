// One requirement of a pyproject.toml, as PEP 508 writes it, as far as a check of a lockfile needs it.

export interface Requirement {
  /** As lockfiles write names: lower case, "-" for any of "-", "_" and ".". */
  readonly name: string;
  /** PEP 440's clauses, joined by commas; "" for any version. */
  readonly specifier: string;
  /** Behind a marker, so that it may not hold anywhere; or from a URL, whose version nobody knows. */
  readonly isConditional: boolean;
  readonly isUrl: boolean;
}

/** Longer than any requirement that a person writes. */
const longest = 2_000;

/** `null` for what does not read as a requirement. */
export function readRequirement(text: string): Requirement | null {
  if (text.length > longest) return null;
  const [whole, name = ""] =
    /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?/.exec(text) ?? [];
  if (whole === undefined) return null;
  const rest = text.slice(whole.length);
  const marker = rest.indexOf(";");
  const constraint = (marker < 0 ? rest : rest.slice(0, marker)).trim();
  const isUrl = constraint.startsWith("@");
  return {
    name: normalName(name),
    specifier: isUrl ? "" : constraint.replace(/^\((.*)\)$/, "$1"),
    isConditional: marker >= 0,
    isUrl,
  };
}

export function normalName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}
