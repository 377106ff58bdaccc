// A model that understands nothing and still merges: it counts words. For demos and tests that need a sensible answer to questions nobody wrote for them.
import { dataOf } from "./prompt-data.ts";
import type { Answerer } from "./script.ts";

/** Of the options the one nearest to what both branches did to the base; asked for text it declines. */
export const keepBoth: Answerer = ({ user }) => {
  const data = dataOf(user);
  const options = [...data].flatMap(([name, text]) =>
    name.startsWith("options.") ? [{ label: name.slice("options.".length), text }] : [],
  );
  if (options.length === 0) return { kind: "text", text: "CANNOT" };
  const choice = nearestToBoth((side) => data.get(side) ?? "", options) ?? "NONE";
  return { kind: "text", text: JSON.stringify({ choice }) };
};

/** The label of the option in which each word and sign stands as often as both branches together would have it; `null` where no side is shown. */
export function nearestToBoth(
  sideOf: (side: "base" | "ours" | "theirs") => string,
  options: readonly { readonly label: string; readonly text: string }[],
): string | null {
  const [base, ours, theirs] = [sideOf("base"), sideOf("ours"), sideOf("theirs")].map(countsOf);
  if (!base || !ours || !theirs || ours.size + theirs.size === 0) return null;
  const times = (one: Counts, token: string): number => one.get(token) ?? 0;
  const distance = (counts: Counts): number => {
    const tokens = new Set([counts, base, ours, theirs].flatMap((one) => [...one.keys()]));
    return [...tokens].reduce((sum, token) => {
      const wanted = times(ours, token) + times(theirs, token) - times(base, token);
      return sum + Math.abs(times(counts, token) - wanted);
    }, 0);
  };
  const rated = options.map(({ label, text }) => ({ label, text, far: distance(countsOf(text)) }));
  // Of several that are as near, the same one in whatever order they are shown.
  return rated.toSorted((a, b) => a.far - b.far || (a.text < b.text ? -1 : 1))[0]?.label ?? null;
}

type Counts = ReadonlyMap<string, number>;

function countsOf(text: string): Counts {
  const counts = new Map<string, number>();
  for (const [token] of text.matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu))
    counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}
