// A small model's answer: the whole function in one fence. Everything else is refused, with a reason that the next question shows.
import { stripHidden } from "../../../core/prompt.ts";
import { functionsIn, isAnonymous, topLevelRegionAt } from "../../../syntax/functions.ts";
import type { FunctionSpan } from "../../../syntax/functions.ts";
import { importsIn } from "../../../syntax/imports.ts";
import { syntaxOf } from "../../../syntax/index.ts";
import type { Place } from "../types.ts";
import { linesOf, shiftedTo, withEndsOf, withLastEndOf, withMarkOf } from "./line-ends.ts";
import { givenUp, splitAnswer } from "./split-answer.ts";
import type { GivenUp } from "./split-answer.ts";

export type ReadAnswer =
  /** `after`: the whole file with the answer in it. */
  | { readonly kind: "text"; readonly after: string }
  | ({ readonly kind: "give-up" } & GivenUp)
  /** It is not of the asked form. `why`: one sentence, for the next question. `isCode`: it is one block, and what is in it is wrong. */
  | { readonly kind: "malformed"; readonly why: string; readonly isCode: boolean };

const formless = (why: string): ReadAnswer => ({ kind: "malformed", why, isCode: false });
const malformed = (why: string): ReadAnswer => ({ kind: "malformed", why, isCode: true });

/** Never throws for what a model writes. */
export async function readPlaceAnswer(answer: string, place: Place): Promise<ReadAnswer> {
  const { blocks, outside, isUnclosed } = splitAnswer(answer);
  const declined = givenUp(outside);
  if (declined !== null && blocks.length === 0 && !isUnclosed) return { kind: "give-up", ...declined };
  if (isUnclosed) return formless("The fenced block of the answer was not closed.");
  const [block] = blocks;
  if (block === undefined) return formless("The answer held no fenced block.");
  if (blocks.length > 1) return formless("The answer held several fenced blocks where one was asked for.");
  if (declined !== null) return formless("The answer gave up and wrote code at the same time.");
  if (block.trim() === "") return formless("The fenced block of the answer was empty.");
  return stripHidden(block) === block
    ? placed(block, place)
    : malformed("The answer held characters that cannot be seen.");
}

/** The file with this code in place of the function, or of the whole file. */
async function placed(code: string, place: Place): Promise<ReadAnswer> {
  return place.span === null ? wholeFile(code, place) : wholeFunction(code, place, place.span);
}

async function wholeFile(code: string, { path, text }: Place): Promise<ReadAnswer> {
  const after = withMarkOf(text, withLastEndOf(text, withEndsOf(text, code)));
  return (await parsesAsWell(path, text, after))
    ? { kind: "text", after }
    : malformed("The file that the answer held does not parse.");
}

async function wholeFunction(code: string, { path, text }: Place, span: FunctionSpan): Promise<ReadAnswer> {
  if (!(await isFunction(path, text, span))) return wholeRegion(code, { path, text }, span);
  const inPlace = await cutInPlace(code, { path, text }, span);
  const found = inPlace ?? (await cutAlone(code, path, span));
  if (found === null)
    return malformed(`The answer held no function "${span.name}" that parses where the function stands.`);
  const stray = strayLine(found.rest, text.slice(0, span.start) + text.slice(span.end));
  if (stray !== null)
    return malformed(
      `Only the function "${span.name}" was asked for, and the answer held other code: ${stray}`,
    );
  const after = spliced(text, span, found.text);
  return (await parsesAsWell(path, text, after))
    ? { kind: "text", after }
    : malformed("With the answer in it the file does not parse.");
}

async function isFunction(path: string, text: string, span: FunctionSpan): Promise<boolean> {
  const functions = await functionsIn(path, text);
  return functions.some(({ name, start }) => name === span.name && start === span.start);
}

/** A statement outside of functions (a table, a class): what the answer holds has to be one statement too, and where it has a name, the same. */
async function wholeRegion(
  code: string,
  { path, text }: Pick<Place, "path" | "text">,
  span: FunctionSpan,
): Promise<ReadAnswer> {
  const region = regionOf(text, span, code);
  const after = text.slice(0, span.start) + region + text.slice(span.end);
  if (!(await parsesAsWell(path, text, after)))
    return malformed("With the answer in it the file does not parse.");
  const was = await topLevelRegionAt(path, text, span.firstLine);
  // A test inside of a suite: no statement of the file's own, so that only what it must not bring can be looked for.
  if (was?.start !== span.start || was.end !== span.end)
    return (await importsIn(path, after)).block === (await importsIn(path, text)).block
      ? { kind: "text", after }
      : malformed("The answer brought imports, which stand elsewhere in the file.");
  const found = await topLevelRegionAt(path, after, span.firstLine);
  const isNamed = !span.name.startsWith("lines ");
  const isWhole =
    found !== null &&
    found.start === span.start &&
    after.slice(found.end, span.start + region.length).trim() === "";
  return isWhole && (!isNamed || found.name === span.name)
    ? { kind: "text", after }
    : malformed(`The answer is not "${span.name}" alone.`);
}

/** A function of the answer, and the lines around it. */
interface Cut {
  readonly text: string;
  readonly rest: readonly string[];
}

/** Looked for where it would stand: a method has no meaning outside of its class. */
async function cutInPlace(
  code: string,
  { path, text }: Pick<Place, "path" | "text">,
  span: FunctionSpan,
): Promise<Cut | null> {
  const region = regionOf(text, span, code);
  const file = text.slice(0, span.start) + region + text.slice(span.end);
  if (!(await parsesAsWell(path, text, file))) return null;
  const end = span.start + region.length;
  const inside = (await functionsIn(path, file)).filter((one) => one.start >= span.start && one.end <= end);
  return cutOf(region, offsetBy(inside, span.start), span);
}

/** Looked for in the answer alone: the whole file again, or the function under its imports. */
async function cutAlone(code: string, path: string, span: FunctionSpan): Promise<Cut | null> {
  if (!(await parsesAsWell(path, "", code))) return null;
  return cutOf(code, await functionsIn(path, code), span);
}

const offsetBy = (spans: readonly FunctionSpan[], start: number): FunctionSpan[] =>
  spans.map((span) => ({ ...span, start: span.start - start, end: span.end - start }));

function cutOf(text: string, spans: readonly FunctionSpan[], wanted: FunctionSpan): Cut | null {
  const named = spans.filter((one) => one.name === wanted.name);
  const outermost = spans.filter(
    (one) => !spans.some((other) => other !== one && other.start <= one.start && other.end >= one.end),
  );
  // A function without a name of its own is called after its line, which another answer may have moved.
  const [found, second] = named.length > 0 ? named : isAnonymous(wanted) ? outermost : [];
  if (found === undefined || second !== undefined) return null;
  const rest = [...linesOf(text.slice(0, found.start)), ...linesOf(text.slice(found.end))];
  return { text: text.slice(found.start, found.end), rest };
}

const comment = /^(?:\/\/|\/\*|\*|#|@)/;

/** The first line of the rest that is no comment and does not stand in the file, in order; `null` where there is none. */
function strayLine(rest: readonly string[], file: string): string | null {
  const known = linesOf(file).map((line) => line.trim());
  let from = 0;
  for (const line of rest.map((one) => one.trim())) {
    if (line === "" || comment.test(line)) continue;
    const at = known.indexOf(line, from);
    if (at === -1) return line.slice(0, 120);
    from = at + 1;
  }
  return null;
}

/** The answer's lines as they would stand in place of the function. */
function regionOf(text: string, span: FunctionSpan, code: string): string {
  const like = text.slice(span.start, span.end);
  return withLastEndOf(like, withEndsOf(text, shiftedTo(code, like)));
}

const spliced = (text: string, span: FunctionSpan, code: string): string =>
  text.slice(0, span.start) + regionOf(text, span, code) + text.slice(span.end);

/** No more syntax errors than before; `true` for a language that nobody parses here. */
export async function parsesAsWell(path: string, before: string, after: string): Promise<boolean> {
  const syntax = syntaxOf(path);
  if (syntax === null) return true;
  const now = await syntax.countErrors(after);
  return now === 0 || now <= (await syntax.countErrors(before));
}
