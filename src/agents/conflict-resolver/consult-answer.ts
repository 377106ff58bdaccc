// Reads what the large model decided. Anything that is not exactly one decision is none.
import { stripHidden } from "../../core/prompt.ts";
import { longestGuidance } from "./limits.ts";

type ConsultAnswer = { readonly guidance: string | null } & (
  | { readonly kind: "choice"; readonly letter: string }
  | { readonly kind: "write"; readonly text: string }
  | { readonly kind: "human" | "malformed" }
);

const opening = /^(`{3,}|~{3,})[^`]*$/;
const choice = /^CHOICE: ?([A-Z])$/;

/** A sentence of a model as one line of bounded length, without characters that cannot be seen. */
export function asSentence(text: string, longest: number): string {
  const line = stripHidden(text).replace(/\s+/g, " ").trim();
  // Half of a surrogate pair is no character: it goes with what cannot be seen.
  return line.length > longest ? `${stripHidden(line.slice(0, longest - 1)).trimEnd()}…` : line;
}

export function readConsultAnswer(answer: string): ConsultAnswer {
  const { outside, blocks } = split(answer);
  const guidance = guidanceIn(outside);
  const decisions = outside.filter((line) => choice.test(line) || line === "WRITE" || line === "HUMAN");
  const [decision] = decisions;
  const [text] = blocks;
  if (decisions.length !== 1 || decision === undefined) return { kind: "malformed", guidance };
  if (decision === "WRITE") {
    return text !== undefined && blocks.length === 1
      ? { kind: "write", text, guidance }
      : { kind: "malformed", guidance };
  }
  if (blocks.length > 0) return { kind: "malformed", guidance };
  const letter = choice.exec(decision)?.[1];
  return letter === undefined ? { kind: "human", guidance } : { kind: "choice", letter, guidance };
}

function guidanceIn(lines: readonly string[]): string | null {
  const said = lines.findLast((line) => line.startsWith("GUIDANCE:"))?.slice("GUIDANCE:".length) ?? "";
  return asSentence(said, longestGuidance) || null;
}

/** Lines outside fenced blocks, trimmed, and the text of each block; a block that is not closed counts twice, so that it is no single one. */
function split(answer: string): { readonly outside: string[]; readonly blocks: string[] } {
  const outside: string[] = [];
  const blocks: string[] = [];
  let open: { readonly fence: string; readonly lines: string[] } | null = null;
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    const bare = line.trim();
    if (open === null) {
      const fence = opening.exec(bare)?.[1];
      if (fence === undefined) outside.push(bare);
      else open = { fence, lines: [] };
    } else if (bare.length >= open.fence.length && bare === open.fence.charAt(0).repeat(bare.length)) {
      blocks.push(open.lines.map((one) => `${one}\n`).join(""));
      open = null;
    } else open.lines.push(line);
  }
  if (open !== null) blocks.push("", "");
  return { outside, blocks };
}
