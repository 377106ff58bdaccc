// Java for the structural merge.
import { byDeclarator, byField, byParameters, byText, cTokens, container } from "./language.ts";
import type { Namer, StructuralLanguage } from "./language.ts";

const javaMembers = [
  "method_declaration",
  "constructor_declaration",
  "field_declaration",
  "class_declaration",
  "interface_declaration",
  "enum_declaration",
  "record_declaration",
  "annotation_type_declaration",
  "constant_declaration",
];

export const java: StructuralLanguage = {
  name: "java",
  keys: new Map<string, Namer>([
    ["import_declaration", byText],
    ["method_declaration", byParameters],
    ["constructor_declaration", byParameters],
    ["field_declaration", byDeclarator],
    ["constant_declaration", byDeclarator],
    ["local_variable_declaration", byDeclarator],
    ["variable_declarator", byField("name")],
    ["class_declaration", byField("name")],
    ["interface_declaration", byField("name")],
    ["enum_declaration", byField("name")],
    ["record_declaration", byField("name")],
    ["annotation_type_declaration", byField("name")],
    ["enum_constant", byField("name")],
    ["formal_parameter", byField("name")],
    ["element_value_pair", byField("key")],
    ["marker_annotation", byField("name")],
    ["annotation", byField("name")],
  ]),
  containers: new Map([
    ["program", container("declarations", null, "import_declaration", ...javaMembers)],
    ["class_body", container("members", null, ...javaMembers)],
    ["interface_body", container("members", null, ...javaMembers)],
    ["enum_body_declarations", container("members", null, ...javaMembers)],
    ["enum_body", container("enum-members", ",", "enum_constant")],
    ["annotation_argument_list", container("keys", ",", "element_value_pair")],
  ]),
  openers: {
    chains: [
      ["class A {", "void f() {", "if (x) {"],
      ["void f() {", "if (x) {"],
      ["enum A {"],
      ["class A {", "class B {", "void f() {"],
      ["class A {", "void f() {", "switch (x) {"],
    ],
    nested: ["() -> {", "new A() {", "{"],
    flat: [
      { before: "class A {", after: "}" },
      { before: "x = f(", after: ");" },
      { before: "enum A {", after: "}" },
    ],
    tokens: cTokens,
  },
};
