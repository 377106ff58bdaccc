// A model that understands nothing and still merges: it counts words. For demos and tests that need a sensible answer to questions nobody wrote for them.
import type { Answerer } from "./script.ts";

/** Of the options the one nearest to what both branches did to the base, by how often each word and sign stands in it; asked for text it declines. */
export const keepBoth: Answerer = ({ user }) => {
  const data = dataOf(user);
  const [base, ours, theirs] = ["base", "ours", "theirs"].map((name) => countsOf(data.get(name) ?? ""));
  const options = [...data].flatMap(([name, text]) =>
    name.startsWith("options.")
      ? [{ label: name.slice("options.".length), counts: countsOf(text), text }]
      : [],
  );
  if (!base || !ours || !theirs || options.length === 0) return { kind: "text", text: "CANNOT" };
  const distance = (counts: Counts): number => {
    const tokens = new Set([counts, base, ours, theirs].flatMap((one) => [...one.keys()]));
    const times = (one: Counts, token: string): number => one.get(token) ?? 0;
    return [...tokens].reduce((sum, token) => {
      const wanted = times(ours, token) + times(theirs, token) - times(base, token);
      return sum + Math.abs(times(counts, token) - wanted);
    }, 0);
  };
  // Of several that are as near, the same one in whatever order they are shown.
  const [best] = options.toSorted(
    (a, b) => distance(a.counts) - distance(b.counts) || (a.text < b.text ? -1 : 1),
  );
  return { kind: "text", text: JSON.stringify({ choice: best?.label ?? "NONE" }) };
};

type Counts = ReadonlyMap<string, number>;

/** The pieces of data that a prompt shows, by name (src/core/prompt.ts). */
function dataOf(user: string): ReadonlyMap<string, string> {
  const blocks = user.matchAll(/^<data (\w+) (\S+)>\n([\s\S]*?)^<\/data \1>$/gm);
  return new Map([...blocks].map(([, , name = "", text = ""]) => [name, text]));
}

function countsOf(text: string): Counts {
  const counts = new Map<string, number>();
  for (const [token] of text.matchAll(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu))
    counts.set(token, (counts.get(token) ?? 0) + 1);
  return counts;
}
