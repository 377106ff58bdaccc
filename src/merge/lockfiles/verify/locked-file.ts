// What every lockfile format comes down to for a check: packages, where their bytes come from, and what they have to be.

/** One package that a lockfile pins. A package of the repository itself is none. */
export interface LockedPackage {
  /** As people name it; with what it stands for behind it, where that is another: "alias (name)". */
  readonly name: string;
  readonly version: string;
  /** What the bytes have to be: kind of digest, or the file's name, to digest. A commit counts as one. */
  readonly digests: ReadonlyMap<string, string>;
  /** Whether it has every digest that the format has for a package of its kind: none for a folder, a link, what is bundled, or a commit. */
  readonly isPinned: boolean;
  /** Where its bytes come from, as written: URLs; empty where the format leaves that to the settings. */
  readonly sources: readonly string[];
}

/** The manifests that a lockfile was made of. */
export interface Manifests {
  /** Path to text, relative to the lockfile's folder. */
  readonly texts: ReadonlyMap<string, string>;
}

export interface LockedFile {
  readonly packages: readonly LockedPackage[];
  /** What does not hold together inside the lockfile, a line each; the same line for the same fault in another lockfile. */
  readonly faults: readonly string[];
  /** In what it is not the lockfile of these manifests, a line each. */
  readonly disagreements: (manifests: Manifests) => readonly string[];
}

export interface LockReader {
  /** Whether this is such a lockfile, by its path. */
  readonly matches: (path: string) => boolean;
  /** Total; `null` for a text that the tool would not have written. */
  readonly read: (text: string) => LockedFile | null;
}

/** Text as lines, without their endings and without the end of the last. */
export function linesOf(text: string): string[] {
  return text.replace(/\r?\n$/, "").split(/\r?\n/);
}

/** The digests of an npm integrity field ("sha512-… sha1-…") by algorithm. */
export function integrityDigests(integrity: string): Map<string, string> {
  const digests = new Map<string, string>();
  for (const word of integrity.split(/\s+/)) {
    const at = word.indexOf("-");
    if (at > 0) digests.set(word.slice(0, at), word.slice(at + 1));
  }
  return digests;
}

/** The commit that a git source is locked at, as a digest; none where the source is no repository or names none. */
export function commitDigest(source: string): Map<string, string> {
  const at = source.indexOf("#");
  return at < 0 ? new Map<string, string>() : new Map([["commit", source.slice(at + 1)]]);
}

/** Whether a source is a repository and not an archive. */
export function isGit(source: string): boolean {
  return /^(?:git[+:@]|ssh:|github:|gitlab:|bitbucket:)/.test(source) || /\.git(?:#|$)/.test(source);
}
