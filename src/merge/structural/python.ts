// Python for the structural merge.
import { byField, byFirst, byInner, byText, container } from "./language.ts";
import type { Namer, StructuralLanguage } from "./language.ts";

/** Comments, strings and brackets; what is not closed ends with its line, or the text. */
const tokens =
  /#[^\n]*|"""(?:[^"\\]|\\[^]|"(?!""))*|'''(?:[^'\\]|\\[^]|'(?!''))*|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[()[\]{}]/g;

export const python: StructuralLanguage = {
  name: "python",
  keys: new Map<string, Namer>([
    ["import_statement", byText],
    ["import_from_statement", byText],
    ["function_definition", byField("name")],
    ["class_definition", byField("name")],
    ["decorated_definition", byInner("definition")],
    ["assignment", byField("left")],
    [
      "expression_statement",
      (node, read) =>
        node.children[0]?.type === "assignment" ? byField("left")(node.children[0], read, python) : null,
    ],
    ["pair", byField("key")],
    ["keyword_argument", byField("name")],
    ["dotted_name", byText],
    ["aliased_import", byText],
    ["typed_parameter", byFirst],
    ["default_parameter", byField("name")],
    ["typed_default_parameter", byField("name")],
  ]),
  containers: new Map([
    [
      "module",
      container(
        "definitions",
        null,
        "import_statement",
        "import_from_statement",
        "function_definition",
        "class_definition",
        "decorated_definition",
      ),
    ],
    ["block", container("members", null, "function_definition", "class_definition", "decorated_definition")],
    ["dictionary", container("keys", ",", "pair")],
    ["argument_list", container("keyword-arguments", ",", "keyword_argument")],
    ["import_from_statement", container("names", ",", "dotted_name", "aliased_import")],
  ]),
  openers: { chains: [], nested: [], flat: [], tokens },
};
