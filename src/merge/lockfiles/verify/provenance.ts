// What a lockfile pins against what its parents pinned: versions from neither, bytes that changed, places nobody has named.
import { isGit } from "./locked-file.ts";
import type { LockedFile, LockedPackage } from "./locked-file.ts";

/** Registries that everybody's lockfiles name; any other place has to be in a parent's lockfile. */
const publicPlaces: ReadonlySet<string> = new Set([
  "https://registry.npmjs.org",
  "https://registry.yarnpkg.com",
  "https://pypi.org",
  "https://files.pythonhosted.org",
  "registry+https://github.com/rust-lang/crates.io-index",
  "sparse+https://index.crates.io",
]);

interface Known {
  /** By name and version, the digests of each entry. */
  readonly digests: ReadonlyMap<string, readonly Digests[]>;
  readonly places: ReadonlySet<string>;
}

export interface Provenance {
  readonly findings: readonly string[];
  /** "name@version" of what no parent has. */
  readonly fromNeither: readonly string[];
}

export function provenanceOf(result: LockedFile, parents: readonly LockedFile[]): Provenance {
  const known = knownOf(parents);
  const findings = new Set<string>();
  const fromNeither = new Set<string>();
  for (const one of result.packages) {
    for (const strange of strangePlaces(one, known.places))
      findings.add(
        `${label(one)} comes from ${strange}, which is in neither parent's lockfile and is no public registry.`,
      );
    const same = known.digests.get(label(one));
    const problem = digestProblem(one, same ?? []);
    if (problem !== null) findings.add(problem);
    if (same === undefined) fromNeither.add(label(one));
    else if (problem === null && hasNewDigest(one, same))
      fromNeither.add(`${label(one)} (with digests that neither parent has)`);
  }
  return { findings: [...findings], fromNeither: [...fromNeither] };
}

function label({ name, version }: Pick<LockedPackage, "name" | "version">): string {
  return `${name}@${version}`;
}

function knownOf(parents: readonly LockedFile[]): Known {
  const digests = new Map<string, Digests[]>();
  const places = new Set(publicPlaces);
  for (const one of parents.flatMap(({ packages }) => packages)) {
    const others = digests.get(label(one));
    if (others === undefined) digests.set(label(one), [one.digests]);
    else others.push(one.digests);
    for (const source of one.sources) places.add(placeOf(source));
  }
  return { digests, places };
}

function strangePlaces({ sources }: LockedPackage, places: ReadonlySet<string>): string[] {
  return sources.map(placeOf).filter((place) => !places.has(place));
}

/** A repository or an index is a place by its whole address, an archive by its server: protocol, host and port. */
function placeOf(source: string): string {
  const plain = source.split(/[#?]/)[0] ?? "";
  if (isGit(source) || /^(?:registry|sparse)\+/.test(source)) return plain.replace(/\/$/, "");
  return URL.canParse(plain) ? new URL(plain).origin : plain;
}

type Digests = ReadonlyMap<string, string>;

/** Why the bytes of a package are not to be believed in; `null` where they are, or where nobody has named them before. */
function digestProblem(
  { isPinned, digests, ...one }: LockedPackage,
  same: readonly Digests[],
): string | null {
  if (same.some((other) => isSame(digests, other))) return null;
  if (!isPinned) return `${label(one)} has no checksum, or not for all of its files.`;
  const compared = same.filter((other) => other.size > 0);
  if (compared.length === 0) return null;
  const isOther = [...digests].some(
    ([kind, digest]) =>
      compared.some((other) => other.has(kind)) && !compared.some((other) => other.get(kind) === digest),
  );
  return isOther || compared.every((other) => isWeaker(digests, other))
    ? `${label(one)} has another checksum than in the parents' lockfiles.`
    : null;
}

function isSame(one: Digests, other: Digests): boolean {
  return one.size === other.size && [...one].every(([kind, digest]) => other.get(kind) === digest);
}

/** Nothing in common, or without one of the other's digests of the same archive. Of several files some may go. */
function isWeaker(one: Digests, other: Digests): boolean {
  const kinds = [...other.keys()];
  return (
    !kinds.some((kind) => one.has(kind)) ||
    kinds.some((kind) => /^(?:sha|md)\d+$/.test(kind) && !one.has(kind))
  );
}

function hasNewDigest({ digests }: LockedPackage, same: readonly Digests[]): boolean {
  return [...digests.keys()].some((kind) => !same.some((other) => other.has(kind)));
}
