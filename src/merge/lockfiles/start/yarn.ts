// yarn.lock: both sides' descriptors, each with what it is resolved to.
import type { Sides } from "../../json/merge.ts";
import { sameLines, type Lines } from "../lock-text.ts";
import { readYarnLock, resolvedVersion, writeYarnLock, type YarnLock } from "../yarn-read.ts";
import { mergeRoughly } from "./prefer.ts";

interface Resolved {
  readonly resolution: string;
  readonly body: Lines;
  readonly version: string | undefined;
}

export function roughYarn(texts: Sides<string>): string | null {
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map((text) =>
    readYarnLock(text.replace(/\r?\n$/, "").split(/\r?\n/)),
  );
  if (!ours || ours.dialect !== theirs?.dialect) return null;
  const merged = mergeRoughly(
    {
      base: base ? resolvedIn(base) : new Map<string, Resolved>(),
      ours: resolvedIn(ours),
      theirs: resolvedIn(theirs),
    },
    {
      same: (one, other) => one.resolution === other.resolution && sameLines(one.body, other.body),
      versionOf: ({ version }) => version,
    },
  );
  const descriptors = new Map([...merged].map(([descriptor, { resolution }]) => [descriptor, resolution]));
  const bodies = new Map([...merged.values()].map(({ resolution, body }) => [resolution, body]));
  return `${writeYarnLock({ ...ours, descriptors, bodies }).join("\n")}\n`;
}

function resolvedIn(lock: YarnLock): Map<string, Resolved> {
  return new Map(
    [...lock.descriptors].map(([descriptor, resolution]) => [
      descriptor,
      {
        resolution,
        body: lock.bodies.get(resolution) ?? [],
        version: resolvedVersion(lock, descriptor),
      },
    ]),
  );
}
