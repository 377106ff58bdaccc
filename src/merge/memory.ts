// The memory tier: a hunk whose three sides this repository has resolved before is resolved the same way again.
import { createHash } from "node:crypto";
import type { ConflictedFile, FileResolution, Hunk, HunkResolution } from "../core/conflict.ts";
import { longestResolution, memoryClass, memoryTier } from "../core/memory.ts";
import type { Remembered } from "../core/memory.ts";
import { newMarkers } from "./check/markers.ts";
import { tokensFromNowhere } from "./check/provenance.ts";
import { trimHunk } from "./hunks.ts";
import type { TrimmedHunk } from "./hunks.ts";
import { hasTooManyHunks, isTooLarge } from "./limits.ts";

/**
 * Names the three sides of a hunk: 32 hex digits of SHA-256 over each side's length and text, after the lines that both sides share at its ends are cut
 * off. Neither path nor language is part of it. `null` where the sides agree.
 */
function keyOf({ hunk: { base, ours, theirs } }: TrimmedHunk): string | null {
  if (ours === theirs) return null;
  const sides = [base, ours, theirs].map((side) => `${side.length}\n${side}`).join("");
  return createHash("sha256").update(sides).digest("hex").slice(0, 32);
}

/** The keys under which the resolutions of a file's hunks would be remembered, each once; none for what is too large for any rule. */
export function conflictKeys(file: ConflictedFile): string[] {
  if (hasTooManyHunks(file)) return [];
  const keys = file.segments.map((segment) =>
    segment.kind === "clean" || isTooLarge(segment, "") ? null : keyOf(trimHunk(segment)),
  );
  return [...new Set(keys.filter((key) => key !== null))];
}

/** What is to be remembered of a hunk's resolution; `null` where it cannot be put back in another place, or must not be. */
export function toRemember(
  hunk: Hunk,
  resolution: string,
): { readonly key: string; readonly text: string } | null {
  if (isTooLarge(hunk, "") || resolution.length > longestResolution) return null;
  const trimmed = trimHunk(hunk);
  const { before, after } = trimmed;
  const key = keyOf(trimmed);
  // Whoever changed the lines that both sides share did more than to resolve the conflict.
  const kept = resolution.startsWith(before) && resolution.endsWith(after);
  if (key === null || !kept || resolution.length < before.length + after.length) return null;
  if (newMarkers(resolution, [hunk.ours, hunk.theirs]).length > 0) return null;
  return { key, text: resolution.slice(before.length, resolution.length - after.length) };
}

/**
 * Settles the hunks that are remembered in place of what the rules say of them. What developers wrote anew while merging is not repeated: every word of a
 * remembered text must be in one of the file's sides. Pure; `resolution` itself where nothing is remembered.
 */
export function withMemory(
  file: ConflictedFile,
  resolution: FileResolution,
  memory: readonly Remembered[],
): FileResolution {
  if (memory.length === 0 || hasTooManyHunks(file)) return resolution;
  const known = new Map(memory.map((one) => [one.key, one]));
  const hunks = resolution.hunks.map((one) => settledByMemory(file, one, known));
  if (hunks.every((hunk, index) => hunk === resolution.hunks[index])) return resolution;
  const openHunks = resolution.openHunks.filter((index) => hunks[index]?.settlement === null);
  return { ...resolution, hunks, openHunks };
}

function settledByMemory(
  file: ConflictedFile,
  resolution: HunkResolution,
  known: ReadonlyMap<string, Remembered>,
): HunkResolution {
  const { hunk } = resolution;
  if (isTooLarge(hunk, "")) return resolution;
  const trimmed = trimHunk(hunk);
  const one = known.get(keyOf(trimmed) ?? "");
  if (one === undefined || one.contradicted) return resolution;
  const text = trimmed.before + one.text + trimmed.after;
  if (tokensFromNowhere(text, [file.base ?? "", file.ours, file.theirs]).length > 0) return resolution;
  const why = whyOf(one);
  return { ...resolution, settlement: { tier: memoryTier, class: memoryClass, text, why }, why };
}

function whyOf({ agreed, lastSha }: Remembered): string {
  const times = agreed === 1 ? "once" : `${agreed} times`;
  return `This repository resolved the same three sides this way ${times}, last in ${lastSha.slice(0, 12)}.`;
}
