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
  return (text.match(hashComments.test(path) ? hashTokens : slashTokens) ?? []).map((part) => ({
    kind: kindOf(part),
    text: part,
  }));
}

function kindOf(part: string): Scanned["kind"] {
  if (part.startsWith("//") || part.startsWith("/*") || part.startsWith("#")) return "comment";
  return /^["'`]/.test(part) ? "string" : "code";
}

/** Comments out; all else as it is. */
export function withoutComments(path: string, text: string): string {
  return scan(path, text)
    .map((part) => (part.kind === "comment" ? " " : part.text))
    .join("");
}

/** Comments and spaces out, but for those in strings and Python's indentation, which is its syntax. */
export function essence(path: string, text: string): string {
  const indented = hashComments.test(path);
  const squeezed = (code: string) =>
    indented
      ? code.replaceAll(/[ \t]*\r?\n\s*?(?=[ \t]*(?:\S|$))/g, "\n").replaceAll(/(?<=\S)[ \t]+/g, "")
      : code.replaceAll(/\s+/g, "");
  return scan(path, text)
    .map(({ kind, text: part }) => (kind === "comment" ? "" : kind === "code" ? squeezed(part) : part))
    .join("")
    .trim();
}
