// A whole TOML file merged by key.
import { readTomlParts } from "../../syntax/toml-parts.ts";
import { joinLines, lineEndings } from "../json/endings.ts";
import type { MergedDocument } from "../json/document.ts";
import type { TomlFile } from "./entry.ts";
import { isFaithful, keepsComments } from "./faithful.ts";
import { pick } from "./merge.ts";
import { mergeSections, readSections } from "./sections.ts";

/** Three whole files; the base is `null` where both sides added the file. */
interface Texts {
  readonly base: string | null;
  readonly ours: string;
  readonly theirs: string;
}

const MARK = "\uFEFF";

/** `null` where the sides want different things of one key, or where there is any doubt that the result has every change of both. Total. */
export function mergeTomlDocument(texts: Texts, file: TomlFile): MergedDocument | null {
  const whole = { base: texts.base ?? "", ours: texts.ours, theirs: texts.theirs };
  const endings = lineEndings(whole);
  const mark = pick(markOf(whole.base), markOf(whole.ours), markOf(whole.theirs));
  const [base, ours, theirs] = [whole.base, whole.ours, whole.theirs].map((text) =>
    readSections(plain(text)),
  );
  if (endings === null || mark === null || !base || !ours || !theirs) return null;
  const merged = mergeSections({ base, ours, theirs }, file);
  if (merged === null) return null;
  const text = mark + joinLines(merged.lines, endings);
  const read = readTomlParts(plain(text));
  const comments = { base: base.comments, ours: ours.comments, theirs: theirs.comments };
  if (read === null || !keepsComments(comments, read.comments)) return null;
  return isFaithful(whole, text, file) ? { text, changes: merged.changes } : null;
}

function markOf(text: string): string {
  return text.startsWith(MARK) ? MARK : "";
}

/** The text with LF at the end of every line, and no byte order mark. */
function plain(text: string): string {
  return text.slice(markOf(text).length).replaceAll("\r\n", "\n");
}
