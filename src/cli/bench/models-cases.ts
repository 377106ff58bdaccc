// The cases of `errand bench models`: single hunks in a window of their file, and whole files. Both become a conflicted file whose resolution is known.
import { z } from "zod";
import type { ConflictedFile, Segment } from "../../core/conflict.ts";
import type { SplitFile } from "../../workspace/conflicted-file.ts";
import { FileCase, HunkCase } from "./cases.ts";
import type { FileTools } from "./measure-files.ts";

/** UTF-16 units of one text of a case, as in cases.ts. */
const text = z.string().max(8_000_000);

const HunkLine = HunkCase.extend({
  shape: z.literal("hunk"),
  /** More of the clean lines around the hunk, where the case has them. */
  before_wide: text.optional(),
  after_wide: text.optional(),
});
type HunkLine = z.infer<typeof HunkLine>;

const FileLine = FileCase.extend({
  shape: z.literal("file"),
  /** As of a hunk: answers are compared by it. */
  lang: z.string().max(4_096).default(""),
});
type FileLine = z.infer<typeof FileLine>;

/** A line of the file, of either kind, told apart by its fields: whole files have what was `merged`, hunks their `resolution`. */
export const ModelLine = z.preprocess(
  (value) => {
    if (typeof value !== "object" || value === null) return value;
    return { ...value, shape: "merged" in value && !("resolution" in value) ? "file" : "hunk" };
  },
  z.discriminatedUnion("shape", [HunkLine, FileLine]),
);
export type ModelLine = z.infer<typeof ModelLine>;

/** A hunk, where it stands, and what the developers made of it. */
export interface KnownHunk {
  readonly language: string;
  /** Clean lines around it. */
  readonly before: string;
  readonly after: string;
  /** `null` where their file does not tell. */
  readonly resolution: string | null;
}

/** A conflicted file whose resolution is known; one `KnownHunk` for each hunk, in file order. */
export interface ModelCase {
  readonly id: string;
  readonly category: string;
  readonly file: ConflictedFile;
  readonly hunks: readonly KnownHunk[];
}

/** `null` where the sides are not all text. */
export async function modelCase(
  line: ModelLine,
  tools: Pick<FileTools, "split" | "align">,
): Promise<ModelCase | null> {
  return line.shape === "hunk" ? windowCase(line) : wholeCase(line, tools);
}

/** The window is the file: nothing else of it is known. */
function windowCase(one: HunkLine): ModelCase {
  const { id, category, path, lang, base, ours, theirs, resolution } = one;
  const before = one.before_wide ?? one.before;
  const after = one.after_wide ?? one.after;
  const clean = (part: string): Segment[] => (part === "" ? [] : [{ kind: "clean", text: part }]);
  const whole = (side: string) => `${before}${side}${after}`;
  const hunk: Segment = { kind: "hunk", base, ours, theirs };
  return {
    id,
    category,
    file: {
      path,
      base: whole(base),
      ours: whole(ours),
      theirs: whole(theirs),
      segments: [...clean(before), hunk, ...clean(after)],
    },
    // Compared in the narrower window, as `errand bench merge` does.
    hunks: [{ language: lang, before: one.before, after: one.after, resolution }],
  };
}

async function wholeCase(
  one: FileLine,
  { split, align }: Pick<FileTools, "split" | "align">,
): Promise<ModelCase | null> {
  const bytes = (part: string) => Buffer.from(part, "utf8");
  const base = one.base === null ? null : bytes(one.base);
  const found: SplitFile | null = await split(one.path, {
    base,
    ours: bytes(one.ours),
    theirs: bytes(one.theirs),
  });
  if (found === null) return null;
  const { segments } = found.file;
  const expected = await align(found, bytes(one.merged));
  const cleanAt = (index: number) => {
    const segment = segments[index];
    return segment?.kind === "clean" ? segment.text : "";
  };
  const places = segments.flatMap(({ kind }, index) => (kind === "hunk" ? [index] : []));
  const hunks = places.map((place, index) => ({
    language: one.lang,
    before: cleanAt(place - 1),
    after: cleanAt(place + 1),
    resolution: expected[index] ?? null,
  }));
  return { id: one.id, category: one.category, file: found.file, hunks };
}
