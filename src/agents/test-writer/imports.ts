// Imports of a file, and the names that a file gives to others, read from its tree.
import { grammarOf } from "../../syntax/index.ts";
import { loadGrammar } from "../../syntax/tree-sitter.ts";
import type { SyntaxNode } from "../../syntax/tree-sitter.ts";
import { longestFile } from "./limits.ts";
import { parseTime } from "./walk.ts";

type TextOf = (stretch: { readonly start: number; readonly end: number }) => string;

/** One name that an import brings. */
export interface Import {
  /** As it is written: "../src/add.js", "node:test", "pkg.add". */
  readonly module: string;
  /** The name in the module; "default", or "*" for all of it. */
  readonly name: string;
  /** The name here. */
  readonly local: string;
}

/** The imports of one statement at the top of a file: ES modules, `require`, Python and Go. */
export function importsOfNode(node: SyntaxNode, textOf: TextOf): readonly Import[] {
  const text = textOf(node);
  switch (node.type) {
    case "import_statement":
      return text.startsWith("import") && /["']/.test(text) ? scriptImports(text) : pythonModules(text);
    case "import_from_statement":
      return pythonNames(text);
    case "import_declaration":
      return goImports(text);
    case "lexical_declaration":
    case "variable_declaration":
      return requires(text);
    default:
      return [];
  }
}

/** Names in braces or in a list: "a", "a as b", "a: b", "type a". */
function listed(text: string, module: string): readonly Import[] {
  return text.split(",").flatMap((part) => {
    const [, name, local] = /^\s*(?:type\s+)?([\w$]+)(?:\s*(?:\bas\b|:)\s*([\w$]+))?\s*$/.exec(part) ?? [];
    return name === undefined ? [] : [{ module, name, local: local ?? name }];
  });
}

function scriptImports(text: string): readonly Import[] {
  const module = /["']([^"'\n]{1,300})["']\s*(?:with\s*\{[^}]{0,100}\}\s*)?;?\s*$/.exec(text)?.[1];
  if (module === undefined) return [];
  const clause = text.replace(/^import\s+(?:type\s+)?/, "").split(/\bfrom\b/)[0] ?? "";
  const braces = /\{([^}]{0,4000})\}/.exec(clause)?.[1];
  const all = /\*\s*as\s+([\w$]+)/.exec(clause)?.[1];
  const main = /^([\w$]+)\s*(?:,|$)/.exec(clause.trim())?.[1];
  return [
    ...(main === undefined ? [] : [{ module, name: "default", local: main }]),
    ...(all === undefined ? [] : [{ module, name: "*", local: all }]),
    ...(braces === undefined ? [] : listed(braces, module)),
  ];
}

function requires(text: string): readonly Import[] {
  const [, target = "", module] =
    /^(?:const|let|var)\s+([\w$]+|\{[^}]{0,4000}\})\s*=\s*require\(\s*["']([^"'\n]{1,300})["']\s*\)\s*;?$/.exec(
      text,
    ) ?? [];
  if (module === undefined) return [];
  return target.startsWith("{")
    ? listed(target.slice(1, -1), module)
    : [{ module, name: "*", local: target }];
}

function pythonModules(text: string): readonly Import[] {
  return text
    .replace(/^import\s+/, "")
    .split(",")
    .flatMap((part) => {
      const [, module, local] = /^\s*([\w.]{1,300})(?:\s+as\s+(\w+))?\s*$/.exec(part) ?? [];
      return module === undefined ? [] : [{ module, name: "*", local: local ?? module }];
    });
}

function pythonNames(text: string): readonly Import[] {
  const [, module, names = ""] =
    /^from\s+([\w.]{1,300})\s+import\s+\(?([^)]{0,4000})\)?\s*$/.exec(text) ?? [];
  return module === undefined ? [] : listed(names, module);
}

function goImports(text: string): readonly Import[] {
  return [...text.matchAll(/(?:([\w.]+)[ \t]+)?"([^"\n]{1,300})"/g)].map(([, alias, module = ""]) => {
    const named = alias === undefined || alias === "import" ? (module.split("/").at(-1) ?? module) : alias;
    return { module, name: "*", local: named };
  });
}

export interface Exports {
  /** By name; "default" among them where there is one. */
  readonly names: ReadonlySet<string>;
  /** Whether they are taken by `require`. */
  readonly commonJs: boolean;
  /** Go's package. */
  readonly package: string | null;
}

/** What other files can import from a source. */
export async function exportsOf(path: string, text: string): Promise<Exports> {
  const none: Exports = { names: new Set(), commonJs: false, package: null };
  const name = grammarOf(path);
  if (name === null || text.length > longestFile) return none;
  const grammar = await loadGrammar(name);
  return (
    grammar.readTrees([text], parseTime, ([root]) => {
      const textOf: TextOf = ({ start, end }) => text.slice(start, end);
      const nodes = root?.children ?? [];
      if (name === "python")
        return { ...none, names: new Set(nodes.flatMap((node) => declared(node, textOf))) };
      if (name === "go") return goExports(nodes, textOf);
      const names = new Set(nodes.flatMap((node) => exported(node, textOf)));
      const common = commonExports(text);
      return {
        ...none,
        names: new Set([...names, ...common]),
        commonJs: names.size === 0 && common.length > 0,
      };
    }) ?? none
  );
}

function goExports(nodes: readonly SyntaxNode[], textOf: TextOf): Exports {
  const clause = nodes.find(({ type }) => type === "package_clause");
  const names = nodes.flatMap((node) => declared(node, textOf));
  const named =
    clause === undefined
      ? null
      : textOf(clause)
          .replace(/^package\s+/, "")
          .trim();
  return { names: new Set(names), commonJs: false, package: named };
}

function declared(node: SyntaxNode, textOf: TextOf): readonly string[] {
  const inner = node.field("definition") ?? node;
  const name = inner.field("name");
  if (name !== null) return [textOf(name)];
  const assigned = inner.type === "expression_statement" ? inner.children[0]?.field("left") : null;
  return assigned?.type === "identifier" ? [textOf(assigned)] : [];
}

function exported(node: SyntaxNode, textOf: TextOf): readonly string[] {
  if (node.type !== "export_statement") return [];
  if (node.children.some(({ type }) => type === "default")) return ["default"];
  const declaration = node.field("declaration");
  // What is only a type is not there when tests run.
  if (/^(?:interface|type_alias|ambient)/.test(declaration?.type ?? "")) return [];
  if (declaration !== null) {
    const name = declaration.field("name");
    if (name !== null) return [textOf(name)];
    return declaration.children.flatMap((child) => {
      const one = child.type === "variable_declarator" ? child.field("name") : null;
      return one?.type === "identifier" ? [textOf(one)] : [];
    });
  }
  const clause = node.children.find(({ type }) => type === "export_clause");
  const specifiers = clause?.children.filter(({ type }) => type === "export_specifier") ?? [];
  return specifiers.flatMap((one) => {
    const name = one.field("alias") ?? one.field("name");
    return name === null ? [] : [textOf(name)];
  });
}

function commonExports(text: string): readonly string[] {
  const single = [...text.matchAll(/^(?:module\.)?exports\.([\w$]+)\s*=/gm)].map(([, name = ""]) => name);
  const listed = /^module\.exports\s*=\s*\{([^{}]{0,4000})\}/m.exec(text)?.[1] ?? "";
  const names = [...listed.matchAll(/(?:^|,)\s*([\w$]+)\s*(?=[,:]|$)/g)].map(([, name = ""]) => name);
  const whole = /^module\.exports\s*=\s*(?:[\w$]+|(?:async\s+)?function\b|class\b)/m.test(text)
    ? ["default"]
    : [];
  return [...single, ...names, ...whole];
}
