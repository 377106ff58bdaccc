// Mergiraf as a peer: only ever run as a program that the person who measures has installed. It is under the GPL: nothing of it is linked or shipped.
import path from "node:path";
import { writeSides } from "./git-peers.ts";
import { oneByOne } from "./peer.ts";
import type { Absent, Conflict, Peer } from "./peer.ts";
import { run } from "./program.ts";

/** `fragments`: the texts are cut out of files, so that few of them parse as they are. */
export async function mergirafPeer(
  scratch: string,
  { fragments }: { readonly fragments: boolean },
): Promise<Peer | Absent> {
  const version = await run(scratch, "mergiraf", "--version");
  if (version.status !== 0)
    return { name: "mergiraf", absent: "no mergiraf on PATH (cargo install mergiraf --root DIR)" };
  const { stdout: languages } = await run(scratch, "mergiraf", "languages");
  const extra = fragments ? ["--allow-parse-errors=true"] : [];
  return oneByOne(
    {
      name: version.stdout.trim(),
      how: `one process a conflict${fragments ? ", --allow-parse-errors: hunks with their context are no whole files" : ""}`,
    },
    {
      applies: isOneOf(languages),
      merge: async (conflict) => {
        const name = path.posix.basename(conflict.path);
        const { base, ours, theirs } = await writeSides(scratch, conflict, path.extname(name));
        const { status, stdout } = await run(
          scratch,
          "mergiraf",
          "merge",
          ...extra,
          `--path-name=${name}`,
          base,
          ours,
          theirs,
        );
        return status === 0 ? stdout : null;
      },
    },
  );
}

/** Reads lines such as "Typescript (*.ts, *.mts)": the files it merges by syntax. */
export function isOneOf(languages: string): (conflict: Pick<Conflict, "path">) => boolean {
  const patterns = languages
    .split("\n")
    .flatMap((line) => /\(([^()]*)\)\s*$/.exec(line)?.[1]?.split(", ") ?? []);
  const names = new Set(patterns.filter((pattern) => !pattern.startsWith("*")));
  const endings = patterns.filter((pattern) => pattern.startsWith("*.")).map((pattern) => pattern.slice(1));
  return ({ path: file }) => {
    const name = path.posix.basename(file);
    return names.has(name) || endings.some((ending) => name.endsWith(ending));
  };
}
