// A text's code without comments and layout, by a scan that knows strings and comments of the usual languages.

const hashComments = /\.(?:py|pyi|rb|sh|bash|ya?ml|toml|r|pl)$/i;

interface Scanned {
  readonly kind: "code" | "string" | "comment";
  readonly text: string;
}

const slashTokens =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|`(?:[^`\\]|\\[\s\S])*`?|[^/"'`]+|\//g;
const hashTokens =
  /#[^\n]*|"""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:[^"\\\n]|\\[\s\S])*"?|'(?:[^'\\\n]|\\[\s\S])*'?|[^#"']+/g;

function scan(path: string, text: string): readonly Scanned[] {
  return (text.match(hashComments.test(path) ? hashTokens : slashTokens) ?? []).map((part) => ({ kind: kindOf(part), text: part }));
}

function kindOf(part: string): Scanned["kind"] {
  if (part.startsWith("//") || part.startsWith("/*") || part.startsWith("#")) return "comment";
  return /^["'`]/.test(part) ? "string" : "code";
}

/** Comments out; all else as it is. */
export function withoutComments(path: string, text: string): string {
  return scan(path, text).map((part) => (part.kind === "comment" ? " " : part.text)).join("");
}

/** Comments and spaces out, but for Python's indentation, which is its syntax. */
export function essence(path: string, text: string): string {
  const code = withoutComments(path, text);
  const lines = code.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line) => (hashComments.test(path) ? `${/^\s*/.exec(line)?.[0].length ?? 0}:` : "") + line.replaceAll(/\s+/g, "")).join("");
}
