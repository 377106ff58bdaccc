// The one block of code in an answer.

const opening = /^ {0,3}(`{3,}|~{3,})[^`]*$/;

type Fenced = { readonly text: string } | { readonly problem: "none" | "unclosed" | "several" };

/**
 * The text of the only fenced block: whole lines, each ended by `\n`; "" for an empty block. As in CommonMark a block is closed by at least as many of the same
 * character; what stands around it is let be.
 */
export function onlyFencedBlock(answer: string): Fenced {
  const blocks: string[] = [];
  let open: { readonly fence: string; readonly lines: string[] } | null = null;
  for (const line of answer.replaceAll("\r\n", "\n").split("\n")) {
    if (open === null) {
      const fence = opening.exec(line)?.[1];
      if (fence !== undefined) open = { fence, lines: [] };
    } else if (isClosing(line, open.fence)) {
      blocks.push(open.lines.map((one) => `${one}\n`).join(""));
      open = null;
    } else open.lines.push(line);
  }
  if (open !== null) return { problem: "unclosed" };
  const [text] = blocks;
  if (text === undefined) return { problem: "none" };
  return blocks.length === 1 ? { text } : { problem: "several" };
}

function isClosing(line: string, fence: string): boolean {
  const text = line.trim();
  return text.length >= fence.length && text === fence.charAt(0).repeat(text.length);
}
