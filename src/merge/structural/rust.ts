// Rust for the structural merge.
import { byField, byText, container } from "./language.ts";
import type { Namer, StructuralLanguage } from "./language.ts";

/** Comments, strings and brackets; an apostrophe may begin a lifetime. */
const tokens = /\/\/[^\n]*|\/\*(?:[^*]|\*(?!\/))*|"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\\n])'|[()[\]{}]/g;

export const rust: StructuralLanguage = {
  name: "rust",
  keys: new Map<string, Namer>([
    ["use_declaration", byText],
    ["function_item", byField("name")],
    ["struct_item", byField("name")],
    ["enum_item", byField("name")],
    ["trait_item", byField("name")],
    ["mod_item", byField("name")],
    ["const_item", byField("name")],
    ["static_item", byField("name")],
    ["type_item", byField("name")],
    ["impl_item", byField("type", "trait")],
    ["let_declaration", byField("pattern")],
    ["field_declaration", byField("name")],
    ["enum_variant", byField("name")],
    ["field_initializer", byField("field")],
    ["shorthand_field_initializer", byText],
    ["identifier", byText],
    ["scoped_identifier", byText],
    ["match_arm", byField("pattern")],
    ["parameter", byField("pattern")],
  ]),
  containers: new Map([
    ["source_file", container("declarations", null, "use_declaration", "mod_item")],
    ["field_declaration_list", container("members", ",", "field_declaration")],
    ["enum_variant_list", container("enum-members", ",", "enum_variant")],
    ["field_initializer_list", container("keys", ",", "field_initializer", "shorthand_field_initializer")],
    ["use_list", container("names", ",", "identifier", "scoped_identifier")],
  ]),
  openers: {
    chains: [
      ["fn f() {", "if x {"],
      ["impl A {", "fn f() {", "if x {"],
      ["fn f() {", "match x {"],
      ["struct A {"],
      ["mod a {", "impl A {", "fn f() {"],
      ["enum A {"],
      ["impl A {", "fn f() {", "match x {", "x => {"],
    ],
    nested: ["|| {", "A {"],
    flat: [
      { before: "fn f() {", after: "}" },
      { before: "impl A {", after: "}" },
      { before: "struct A {", after: "}" },
      { before: "fn f() { match x {", after: "}}" },
      { before: "x! {", after: "}" },
    ],
    tokens,
  },
};
