// Go for the structural merge.
import { byField, byFirst, byText, cTokens, container } from "./language.ts";
import type { Namer, StructuralLanguage } from "./language.ts";

export const go: StructuralLanguage = {
  name: "go",
  keys: new Map<string, Namer>([
    ["import_spec", byText],
    ["function_declaration", byField("name")],
    ["method_declaration", byField("receiver", "name")],
    ["type_declaration", byText],
    ["field_declaration", byField("name")],
    ["keyed_element", byFirst],
    ["method_elem", byField("name")],
  ]),
  containers: new Map([
    [
      "source_file",
      container("declarations", null, "function_declaration", "method_declaration", "type_declaration"),
    ],
    ["import_spec_list", container("imports", null, "import_spec")],
    ["field_declaration_list", container("members", null, "field_declaration")],
    ["interface_type", container("members", null, "method_elem")],
    ["literal_value", container("keys", ",", "keyed_element")],
  ]),
  openers: {
    chains: [
      ["func f() {", "if x {"],
      ["type A struct {"],
      ["var x = A{", "{"],
      ["type A interface {"],
      ["func f() {", "switch x {"],
    ],
    nested: ["func() {", "A{"],
    flat: [
      { before: "func f() {", after: "}" },
      { before: "type A struct {", after: "}" },
      { before: "var x = A{", after: "}" },
      { before: "import (", after: ")" },
    ],
    tokens: cTokens,
  },
};
