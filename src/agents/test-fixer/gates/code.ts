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
  const squeezed = (code: string) => (indented ? squeezedLines(code) : code.replaceAll(/\s+/g, ""));
  return scan(path, text)
    .map(({ kind, text: part }) => (kind === "comment" ? "" : kind === "code" ? squeezed(part) : part))
    .join("")
    .trim();
}

/** Without blank lines and the spaces behind and within lines. No expression over whole runs of spaces: tried from each of them, it would take the square of their length. */
function squeezedLines(code: string): string {
  const lines = code.split("\n");
  const last = lines.length - 1;
  return lines
    .map((line, index) => (index === last ? line : line.trimEnd()))
    .filter((line, index) => index === 0 || index === last || line !== "")
    .join("\n")
    .replaceAll(/(?<=\S)[ \t]+/g, "");
}
