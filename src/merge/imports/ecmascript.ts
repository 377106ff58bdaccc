// Import statements of JavaScript and TypeScript: ES modules, re-exports, and CommonJS `require`.
import { collapsed } from "../lines.ts";
import { readNames } from "./statement.ts";
import type { ImportLanguage, NameList, ParsedImport } from "./statement.ts";

const extensions = /\.(?:[cm]?[jt]sx?|vue|svelte)$/i;
const comment = /^\s*\/\/|^\s*\/\*[^*]*\*\/\s*$/;

/** `a`, `a as b`, `type a as b`, `default as c`; the key has single spaces. */
const specifier = /^(?:type )?[\w$]+(?: as [\w$]+)?$/;
/** `a`, `a: b` in a destructuring `require`. */
const property = /^[\w$]+(?: ?: ?[\w$]+)?$/;

const importFrom =
  /^import ?(type )?(?:([\w$]+)(?: ?, ?| ))?(?:\* as ([\w$]+) |\{([^{}]*)\} ?)?from ?(['"])([^'"]+)\5 ?;?$/;
const importOnly = /^import ?(['"])([^'"]+)\1 ?;?$/;
const exportFrom = /^export ?(type )?(?:\*(?: as ([\w$]+))? ?|\{([^{}]*)\} ?)from ?(['"])([^'"]+)\4 ?;?$/;
const requireCall =
  /^(?:const|let|var) (?:([\w$]+)|\{([^{}]*)\}) ?= ?require\( ?(['"])([^'"]+)\3 ?\)((?:\.[\w$]+){0,4}) ?;?$/;
const requireOnly = /^require\( ?(['"])([^'"]+)\1 ?\) ?;?$/;

function withoutLineComment(text: string): string {
  return text.replace(/(['"];?)[^\S\n]*\/\/[^\n]*(\n?)$/, "$1$2");
}

function bracesOf(text: string, keyOf: (element: string) => string | null): NameList | null {
  const start = text.indexOf("{") + 1;
  const end = text.indexOf("}");
  return start === 0 || end < start ? null : readNames(text, { start, end }, keyOf);
}

const specifierKey = (element: string) => (specifier.test(element) ? element : null);
const propertyKey = (element: string) => (property.test(element) ? element.replace(/ ?: ?/, " as ") : null);

/** The name that `a as b`, `type a` or `a` introduces. */
function boundName(key: string): string {
  return key.split(" ").at(-1) ?? key;
}

interface Parts {
  readonly form: string;
  readonly module: string;
  /** Default and namespace names, and other single things. */
  readonly single: readonly { readonly what: string; readonly bind: string | null }[];
  readonly list: NameList | null;
  readonly braces: boolean;
}

function statement({ form, module, single, list, braces }: Parts): ParsedImport | null {
  if (braces && list === null) return null;
  const names = list?.names ?? [];
  if (single.length === 0 && !braces) return null;
  const of = (what: string) => `${form} ${what} from ${module}`;
  const binds = [...single.flatMap(({ bind }) => bind ?? []), ...names.map(({ key }) => boundName(key))];
  return {
    key: braces ? of("{}") : of(single.map(({ what }) => what).join(" ")),
    atoms: [...single.map(({ what }) => of(what)), ...names.map(({ key }) => of(`{${key}}`))],
    binds: form.startsWith("export") ? binds.map((name) => `export ${name}`) : binds,
    list,
  };
}

function parseImport(text: string, flat: string): ParsedImport | null {
  const only = importOnly.exec(flat);
  if (only) {
    const module = only[2] ?? "";
    return statement({
      form: "import",
      module,
      single: [{ what: "effect", bind: null }],
      list: null,
      braces: false,
    });
  }
  const match = importFrom.exec(flat);
  if (!match) return null;
  const [, type, name, namespace, inner] = match;
  return statement({
    form: type ? "import type" : "import",
    module: match[6] ?? "",
    single: [
      ...(name ? [{ what: `default ${name}`, bind: name }] : []),
      ...(namespace ? [{ what: `* ${namespace}`, bind: namespace }] : []),
    ],
    list: inner === undefined ? null : bracesOf(text, specifierKey),
    braces: inner !== undefined,
  });
}

function parseExport(text: string, flat: string): ParsedImport | null {
  const match = exportFrom.exec(flat);
  if (!match) return null;
  const [, type, namespace, inner] = match;
  return statement({
    form: type ? "export type" : "export",
    module: match[5] ?? "",
    single: inner === undefined ? [{ what: `* ${namespace ?? ""}`, bind: namespace ?? null }] : [],
    list: inner === undefined ? null : bracesOf(text, specifierKey),
    braces: inner !== undefined,
  });
}

function parseRequire(text: string, flat: string): ParsedImport | null {
  const only = requireOnly.exec(flat);
  if (only) {
    const module = only[2] ?? "";
    return statement({
      form: "require",
      module,
      single: [{ what: "effect", bind: null }],
      list: null,
      braces: false,
    });
  }
  const match = requireCall.exec(flat);
  if (!match) return null;
  const [, name, inner, , module, member] = match;
  return statement({
    form: `require${member ?? ""}`,
    module: module ?? "",
    single: name ? [{ what: `= ${name}`, bind: name }] : [],
    list: inner === undefined ? null : bracesOf(text, propertyKey),
    braces: inner !== undefined,
  });
}

export const ecmascript: ImportLanguage = {
  name: "es",
  matches: (path) => extensions.test(path),
  isComment: (line) => comment.test(line),
  isPreamble: (line) => comment.test(line) || /^\s*\*\/|^#!|^\s*<script\b|^\s*['"]use \w+['"]/.test(line),
  starts: (line) =>
    /^\s*(?:import\b(?!\s*\()|export\s*(?:type\s*)?[*{]|(?:const|let|var)\s[^=]*=\s*require\(|(?:const|let|var)\s*\{|require\()/.test(
      line,
    ),
  isComplete: (text) =>
    /['"]\s*(?:\)(?:\.[\w$]+){0,4}\s*|(?:\.[\w$]+){1,4}\s*)?(?:;\s*)?(?:\/\/[^\n]*)?$/.test(text.slice(-200)),
  parse: (text) => {
    const flat = collapsed(withoutLineComment(text));
    return parseImport(text, flat) ?? parseExport(text, flat) ?? parseRequire(text, flat);
  },
};
