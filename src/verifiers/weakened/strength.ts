// How much a matcher pins down, by its name, over the assertion libraries of all languages that are read.
import { isLiteral } from "./text.ts";
import type { Strength } from "./types.ts";

/** Names in lower case, without underscores. */
const weak = new Set(
  `tobedefined tobetruthy tobefalsy ok truthy falsy exists exist notthrows notthrowsasync doesnotthrow doesnotreject
  tohavebeencalled tobecalled called isdefined isok isnotnull notnull notnil notempty assertisnotnone assertnotnull
  assertnotequal assertnotequals notequal notdeepequal notstrictequal notdeepstrictequal notsame not pass anything assertne
  isobject isstring isnumber isarray isfunction wait`.split(/\s+/),
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
  if (weak.has(name) || takesAnything(name, expected)) return 1;
  return partial.has(name) ? 2 : 3;
}

function takesAnything(name: string, expected: string | null): boolean {
  if (expected === null) return /^(?:to)?throw/.test(name);
  return /^expect\.any(?:thing)?\([^()]*\)$/.test(expected);
}

/** `true(a === b)` says as much as `equal(a, b)`. */
function ofCondition(condition: string, name: string): Strength {
  if (isLiteral(condition) || /&&false\b|^false&&/.test(condition)) return 0;
  if (/===?|\b(?:is|equals?|isEqual|DeepEqual|deepEqual|Equal|Diff)\b/.test(condition)) return 3;
  if (name === "fail-if") return condition.includes("!=") && !condition.endsWith("!=nil") ? 3 : 2;
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
  if (name === "tobecloseto" || name === "assertalmostequal") return ofPlaces(name, extra[0], text);
  if (["closeto", "approximately", "indelta", "inepsilon"].includes(name)) return numberOf(extra[0]);
  if (text.includes("approx(")) {
    const given = /approx\([^()]*?,(?:rel=|abs=)?([\d.e-]+)/.exec(text)?.[1];
    return given === undefined ? pytestTolerance : numberOf(given);
  }
  return /abs\(/i.test(text) ? numberOf(/<=?([\d.e-]+)/.exec(text)?.[1] ?? extraBound(name, text)) : null;
}

/** Relative, of `pytest.approx` where none is given: its documentation. */
const pytestTolerance = 1e-6;
/** Digits behind the point that jest's and unittest's matchers compare where none are given: their documentation. */
const digitsGiven = { jest: 2, unittest: 7 } as const;

function ofPlaces(name: string, given: string | undefined, text: string): number | null {
  const delta = /delta=([\d.e-]+)/.exec(text)?.[1];
  if (delta !== undefined) return numberOf(delta);
  const usual = name === "tobecloseto" ? digitsGiven.jest : digitsGiven.unittest;
  const digits = numberOf(/places=(\d+)/.exec(text)?.[1] ?? given ?? String(usual));
  return digits === null ? null : 10 ** -digits;
}

function extraBound(name: string, text: string): string | undefined {
  return name.includes("less") ? /\(([\d.e-]+)\)$/.exec(text)?.[1] : undefined;
}

function numberOf(text: string | undefined): number | null {
  const number = Number(text);
  return text === undefined || !Number.isFinite(number) ? null : number;
}
