// How much a matcher pins down, by its name, over the assertion libraries of all languages that are read.
import { isLiteral } from "./text.ts";
import type { Strength } from "./types.ts";

/** Names in lower case, without underscores. */
const weak = new Set(
  `tobedefined tobetruthy tobefalsy ok truthy falsy exists exist notthrows notthrowsasync doesnotthrow doesnotreject
  tohavebeencalled tobecalled called isdefined isok isnotnull notnull notnil notempty assertisnotnone assertnotnull
  assertnotequal assertnotequals notequal notdeepequal notstrictequal notdeepstrictequal notsame not pass anything assertne
  isobject isstring isnumber isarray isfunction`.split(/\s+/),
);
const partial = new Set(
  `tocontain tocontainequal includes include contain contains match matches tomatch regex tohavelength lengthof haslength
  above below least most within gt gte lt lte greaterthan lessthan greater less greaterorequal lessorequal
  tobegreaterthan tobelessthan tobegreaterthanorequal tobelessthanorequal tobeinstanceof instanceof instance
  tohaveproperty property tomatchobject closeto approximately tobecloseto a an typeof throws throw tothrow tothrowerror rejects
  throwsasync assertraises raises like partial assertin assertgreater assertless assertgreaterequal assertlessequal
  assertisinstance assertalmostequal indelta inepsilon len tohavebeencalledtimes callcount noerror nil error assertregex keys
  matchesobject oneof isnone assertthrows asserttrue assertfalse len`.split(/\s+/),
);
/** Take a whole condition, so that what they say hangs on it. */
const conditions = new Set([
  "ok",
  "assert",
  "truthy",
  "true",
  "istrue",
  "asserttrue",
  "false",
  "isfalse",
  "assertfalse",
  "fail-if",
]);

export function strengthOf(
  matcher: string,
  negated: boolean,
  parts: { readonly subject: string; readonly expected: string | null },
): Strength {
  const name = matcher.toLowerCase().replaceAll("_", "");
  const { subject, expected } = parts;
  if (isLiteral(subject) && (expected === null || isLiteral(expected))) return 0;
  if (conditions.has(name)) return ofCondition(subject, name);
  if (expected !== null && /^(?:true|false|True|False)$/.test(expected)) return 2;
  if (negated) return name.includes("called") ? 2 : 1;
  if (weak.has(name) || (expected !== null && /^expect\.any(?:thing)?\([^()]*\)$/.test(expected))) return 1;
  if (/^(?:to)?throw/.test(name) && expected === null) return 1;
  return partial.has(name) ? 2 : 3;
}

/** `true(a === b)` says as much as `equal(a, b)`. */
function ofCondition(condition: string, name: string): Strength {
  if (isLiteral(condition) || /&&false\b|^false&&/.test(condition)) return 0;
  if (/===?|\b(?:is|equals?|isEqual|DeepEqual|deepEqual|Equal|Diff)\b/.test(condition)) return 3;
  if (name === "fail-if") return condition.includes("!=") && !/!=nil$/.test(condition) ? 3 : 2;
  if (
    /[<>]|!==?|\bin\b|instanceof|\.(?:includes|test|match|has|some|every|startsWith|endsWith)\(/.test(
      condition,
    )
  )
    return 2;
  // The name of a value that is true or not: said outright it is a value, "ok" takes anything.
  return ["ok", "assert", "truthy"].includes(name) ? 1 : 2;
}

/** How much a matcher with a tolerance lets pass, from its last arguments, squeezed; `null` where it has none. Larger is looser. */
export function toleranceOf(matcher: string, extra: readonly string[], text: string): number | null {
  const name = matcher.toLowerCase().replaceAll("_", "");
  if (name === "tobecloseto" || name === "assertalmostequal") {
    const delta = /delta=([\d.e-]+)/.exec(text)?.[1];
    if (delta !== undefined) return Number(delta);
    const digits = Number(/places=(\d+)/.exec(text)?.[1] ?? extra[0] ?? (name === "tobecloseto" ? 2 : 7));
    return Number.isFinite(digits) ? 10 ** -digits : null;
  }
  if (["closeto", "approximately", "indelta", "inepsilon"].includes(name)) return numberOf(extra[0]);
  const approximate = /approx\([^()]*?,(?:rel=|abs=)?([\d.e-]+)/.exec(text)?.[1];
  if (approximate !== undefined) return numberOf(approximate);
  if (text.includes("approx(")) return 1e-6;
  if (/abs\(/i.test(text)) return numberOf(/<=?([\d.e-]+)/.exec(text)?.[1] ?? extraBound(name, text));
  return null;
}

function extraBound(name: string, text: string): string | undefined {
  return name.includes("less") ? /\(([\d.e-]+)\)$/.exec(text)?.[1] : undefined;
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || !Number.isFinite(number) ? null : number;
}
