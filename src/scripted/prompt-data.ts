// What a prompt shows, read back by a script.

/** The pieces of data that a prompt shows, by name (src/core/prompt.ts). */
export function dataOf(user: string): ReadonlyMap<string, string> {
  const blocks = user.matchAll(/^<data (\w+) (\S+)>\n([\s\S]*?)^<\/data \1>$/gm);
  return new Map([...blocks].map(([, , name = "", text = ""]) => [name, text]));
}
