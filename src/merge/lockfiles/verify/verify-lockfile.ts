// Whether a lockfile that a tool has written may be believed: it is the manifests' own, whole, and made of what its parents pin.
import type { LockfileVerdict } from "../../../core/lockfile.ts";
import { cargoLock } from "./cargo.ts";
import type { LockReader, Manifests } from "./locked-file.ts";
import { npmLock } from "./npm.ts";
import { pnpmLock } from "./pnpm.ts";
import { provenanceOf } from "./provenance.ts";
import { uvLock } from "./uv.ts";
import { yarnLock } from "./yarn.ts";

const readers: readonly LockReader[] = [npmLock, pnpmLock, yarnLock, cargoLock, uvLock];

/** What a person reads of it at most; the rest is counted. */
const mostFindings = 20;

type VerifiedLockfile = Omit<LockfileVerdict, "lowered">;

/**
 * Checks that the text parses; that every dependency of the manifests is locked, at a version in its range, and nothing else is said to be asked for; that what
 * entries ask for is locked; that every package has its checksum, the parents' own for a version that a parent has; and that it comes from a place that a parent
 * names, or a public registry. Faults that a parent has too are not held against it. `manifests` and `path` are paths of the repository. Total.
 */
export function verifyLockfile(
  path: string,
  text: string,
  given: { readonly manifests: ReadonlyMap<string, string>; readonly parents: readonly string[] },
): VerifiedLockfile {
  const reader = readers.find((one) => one.matches(path));
  if (reader === undefined) return refused([`${path} is no lockfile that Errand can check.`]);
  const result = reader.read(text);
  if (result === null) return refused([`${path} does not read as its tool writes it.`]);
  const parents = given.parents.map((one) => reader.read(one)).filter((one) => one !== null);
  const known = new Set(parents.flatMap(({ faults }) => faults));
  const { findings, fromNeither } = provenanceOf(result, parents);
  return refused(
    [
      ...result.disagreements(below(path, given.manifests)),
      ...result.faults.filter((fault) => !known.has(fault)),
      ...findings,
    ],
    fromNeither,
  );
}

/** Nothing found is no refusal. */
function refused(findings: readonly string[], fromNeither: readonly string[] = []): VerifiedLockfile {
  const more = findings.length - mostFindings;
  const shown = more > 0 ? [...findings.slice(0, mostFindings), `And ${more} more.`] : findings;
  return { ok: findings.length === 0, findings: shown, fromNeither };
}

/** The manifests in the lockfile's folder and below it, by paths from there. */
function below(path: string, manifests: ReadonlyMap<string, string>): Manifests {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  return {
    texts: new Map(
      [...manifests].flatMap(([name, text]) =>
        name.startsWith(folder) ? [[name.slice(folder.length), text]] : [],
      ),
    ),
  };
}

/** Every version that a lockfile has of each package; empty for a text that does not read. Total. */
export function lockedVersions(path: string, text: string): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, string[]>();
  for (const { name, version } of readers.find((one) => one.matches(path))?.read(text)?.packages ?? []) {
    const others = versions.get(name);
    if (others === undefined) versions.set(name, [version]);
    else if (!others.includes(version)) others.push(version);
  }
  return versions;
}
