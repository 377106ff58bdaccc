// JavaScript, TypeScript and JSX for the structural merge.
import type { Openers } from "./frames.ts";
import { byDeclarator, byField, byFirst, byInner, byText, cTokens, container } from "./language.ts";
import type { Namer, StructuralLanguage, UnorderedContainer } from "./language.ts";
import { byParameters } from "./language.ts";

/** A method's accessor words and modifiers that make it another one: `get`, `set`, `static`. */
const byMethod: Namer = (node, read) => {
  const name = node.field("name");
  if (name === null) return null;
  const words = node.children
    .filter(({ type }) => type === "get" || type === "set" || type === "static")
    .map(({ type }) => type);
  return [...words, read(name)].join(" ");
};

const ecmascriptKeys: readonly (readonly [string, Namer])[] = [
  ["import_statement", byText],
  ["function_declaration", byField("name")],
  ["generator_function_declaration", byField("name")],
  ["function_signature", byParameters],
  ["class_declaration", byField("name")],
  ["abstract_class_declaration", byField("name")],
  ["interface_declaration", byField("name")],
  ["type_alias_declaration", byField("name")],
  ["enum_declaration", byField("name")],
  ["lexical_declaration", byDeclarator],
  ["variable_declaration", byDeclarator],
  ["variable_declarator", byField("name")],
  ["export_statement", byInner("declaration")],
  ["method_definition", byMethod],
  ["method_signature", byParameters],
  ["abstract_method_signature", byParameters],
  ["public_field_definition", byField("name")],
  ["field_definition", byField("property")],
  ["property_signature", byField("name")],
  ["pair", byField("key")],
  ["pair_pattern", byField("key")],
  ["shorthand_property_identifier", byText],
  ["shorthand_property_identifier_pattern", byText],
  ["enum_assignment", byField("name")],
  ["property_identifier", byText],
  ["import_specifier", byText],
  ["export_specifier", byText],
  ["jsx_attribute", byFirst],
  ["required_parameter", byField("pattern")],
  ["optional_parameter", byField("pattern")],
];

const ecmascriptDeclarations = [
  "import_statement",
  "function_declaration",
  "generator_function_declaration",
  "class_declaration",
  "abstract_class_declaration",
  "interface_declaration",
  "type_alias_declaration",
  "enum_declaration",
  "export_statement",
];

const ecmascriptContainers: readonly (readonly [string, UnorderedContainer])[] = [
  ["program", container("declarations", null, ...ecmascriptDeclarations)],
  [
    "class_body",
    container(
      "members",
      null,
      "method_definition",
      "public_field_definition",
      "field_definition",
      "method_signature",
      "abstract_method_signature",
    ),
  ],
  ["interface_body", container("members", null, "property_signature", "method_signature")],
  ["object_type", container("members", null, "property_signature", "method_signature")],
  ["object", container("keys", ",", "pair", "shorthand_property_identifier", "method_definition")],
  ["object_pattern", container("keys", ",", "pair_pattern", "shorthand_property_identifier_pattern")],
  ["enum_body", container("enum-members", ",", "enum_assignment", "property_identifier")],
  ["named_imports", container("names", ",", "import_specifier")],
  ["export_clause", container("names", ",", "export_specifier")],
  ["jsx_opening_element", container("attributes", null, "jsx_attribute")],
  ["jsx_self_closing_element", container("attributes", null, "jsx_attribute")],
];

const ecmascriptOpeners: Openers = {
  chains: [
    ["function f() {", "if (x) {"],
    ["class A {", "f() {", "if (x) {"],
    ["x = {", "f() {", "if (x) {"],
    ["x = {", "x: {"],
    ["interface A {", "x: {"],
    ["function f() {", "switch (x) {"],
    ["class A {", "f() {", "x = {", "x: {"],
    ["enum A {"],
  ],
  nested: ["() => {", "{"],
  flat: [
    { before: "class A {", after: "}" },
    { before: "x = {", after: "}" },
    { before: "x = <a ", after: "/>" },
    { before: "interface A {", after: "}" },
    { before: "f(", after: ")" },
    { before: "enum A {", after: "}" },
  ],
  tokens: cTokens,
};

/** JavaScript and TypeScript have one grammar for what they share. */
export const ecmascript = (name: string): StructuralLanguage => ({
  name,
  keys: new Map(ecmascriptKeys),
  containers: new Map(ecmascriptContainers),
  openers: ecmascriptOpeners,
});
