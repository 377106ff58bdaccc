// Whole-file merge cases: one JSON object a line, gzipped or not.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { z } from "zod";

/** `base` is `null` when both sides added the file. `merged` is what the developers committed. */
const FileCase = z.object({
  id: z.string(),
  category: z.string(),
  path: z.string(),
  base: z.string().nullable(),
  ours: z.string(),
  theirs: z.string(),
  merged: z.string(),
});
export type FileCase = z.infer<typeof FileCase>;

export async function readCases(file: string): Promise<FileCase[]> {
  const bytes = await readFile(file);
  const text = (file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => FileCase.parse(JSON.parse(line)));
}
