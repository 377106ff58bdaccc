// Text from a case file on a terminal.

/** UTF-16 units of such text that are shown: a line of a wide terminal. */
const longest = 200;

/** A case is a hostile string: it must not move the cursor, and not fill the screen. */
export function printable(text: string): string {
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return shown.replace(/\p{Cc}/gu, "?");
}
