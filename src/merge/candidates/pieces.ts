// A merge before its conflicts are decided: settled text, and between it what each side has in one place.

/** What to do where both sides changed the same: one side's, or both, in this order or the reverse. */
export type Mode = "ours" | "theirs" | "both" | "reversed";

export const modes = ["ours", "theirs", "both", "reversed"] as const satisfies readonly Mode[];

/** What both sides have in one place, each in its own way. */
interface Clash {
  readonly ours: string;
  readonly theirs: string;
  /** Only one of the two can stand: of both, the first. Blanks before a word are such. */
  readonly once?: boolean;
}

/** A string is settled. */
export type Piece = string | Clash;

/** Writes the pieces out. */
export function spell(pieces: readonly Piece[], mode: Mode): string {
  let text = "";
  for (const piece of pieces) text += typeof piece === "string" ? piece : decide(piece, mode);
  return text;
}

function decide({ ours, theirs, once = false }: Clash, mode: Mode): string {
  if (mode === "ours" || (once && mode === "both")) return ours;
  if (mode === "theirs" || once) return theirs;
  return mode === "both" ? ours + theirs : theirs + ours;
}

/** The merged text; `null` where any piece is not settled. */
export function spellClean(pieces: readonly Piece[]): string | null {
  return pieces.every((piece) => typeof piece === "string") ? pieces.join("") : null;
}
