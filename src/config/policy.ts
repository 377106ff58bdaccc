// A repository's policy: its own agent.yml or its organisation's, what they build on, and the defaults below.
import type { LoadedPolicy, Policy } from "../core/policy.ts";
import type { PolicyProblem } from "../core/report.ts";
import { defaultPolicy } from "./policy-defaults.ts";
import { checkPolicyFile } from "./policy-file.ts";
import type { PolicyFile } from "./policy-schema.ts";

/** The one place where the file lies, in a repository as in the organisation's `.github` repository. */
const POLICY_PATH = ".github/agent.yml";
const ORGANISATION_REPO = ".github";
/** Files in a chain of `_extends`: a repository, its team, its organisation, and two to spare. */
const MAX_CHAIN = 5;

interface Place {
  readonly owner: string;
  readonly repo: string;
  readonly path: string;
}

/** A file's text on the default branch; `null` when it, or the repository, cannot be seen. */
export type ReadPolicyText = (owner: string, repo: string, path: string) => Promise<string | null>;

const nameOf = ({ owner, repo, path }: Place): string => `${owner}/${repo}:${path}`;

/** GitHub's names ignore case; paths do not. */
const keyOf = ({ owner, repo, path }: Place): string => `${owner}/${repo}`.toLowerCase() + `:${path}`;

/** "repo", "owner/repo", "repo:path" or "owner/repo:path". A reason in words when it is none, or another owner's. */
function parseExtends(text: string, from: Place): Place | string {
  const match = /^(?:([\w-]{1,39})\/)?([\w.-]{1,100})(?::([^\s:]{1,200}))?$/.exec(text);
  const [, owner = from.owner, repo = "", path = POLICY_PATH] = match ?? [];
  if (!match || /^\.{1,2}$/.test(repo)) return "must be repo, owner/repo or owner/repo:path";
  if (path.startsWith("/") || path.split("/").some((part) => /^\.{0,2}$/.test(part))) {
    return "must name a path inside the repository";
  }
  if (owner.toLowerCase() !== from.owner.toLowerCase()) {
    return `must stay with ${from.owner}: a file of another owner could change without anybody here knowing`;
  }
  return { owner: from.owner, repo, path };
}

interface Layer {
  readonly place: Place;
  readonly values: PolicyFile;
}

interface Chain {
  /** The first overrides the second, and so on. */
  readonly layers: readonly Layer[];
  readonly problems: readonly PolicyProblem[];
}

/** Follows `_extends` from the first file. A broken link is a problem, and what was read up to there counts. */
async function readChain(first: Place, firstText: string, readText: ReadPolicyText): Promise<Chain> {
  const layers: Layer[] = [];
  const problems: PolicyProblem[] = [];
  const seen = new Set<string>();
  let place = first;
  let text: string | null = firstText;
  for (;;) {
    seen.add(keyOf(place));
    const checked = checkPolicyFile(text, nameOf(place));
    layers.push({ place, values: checked.values });
    problems.push(...checked.problems);
    const link = checked.values._extends;
    if (link === undefined) return { layers, problems };

    const next = parseExtends(link, place);
    const bad = (message: string): Chain => ({
      layers,
      problems: [...problems, { file: nameOf(place), key: "_extends", message, line: checked.lineOfExtends }],
    });
    if (typeof next === "string") return bad(next);
    if (seen.has(keyOf(next))) return bad(`comes back to ${nameOf(next)}, which was read already`);
    if (layers.length === MAX_CHAIN) return bad(`goes on for more than ${MAX_CHAIN} files`);
    text = await readText(next.owner, next.repo, next.path);
    if (text === null)
      return bad(`names ${nameOf(next)}, which is not there or not open to this installation`);
    place = next;
  }
}

/** Maps are merged key by key, lists are replaced as a whole; built-in protected paths always hold. */
function merge(layers: readonly Layer[]): Policy {
  const pick = <Value>(read: (values: PolicyFile) => Value | undefined, fallback: Value): Value =>
    layers.map(({ values }) => read(values)).find((value) => value !== undefined) ?? fallback;
  const { push, commit, conflicts, protectedPaths, models, ledger } = defaultPolicy;
  return {
    push: {
      mode: pick((file) => file.push?.mode, push.mode),
      bar: pick((file) => file.push?.bar, push.bar),
    },
    commit: {
      prefix: pick((file) => file.commit?.prefix, commit.prefix),
      signOff: pick((file) => file.commit?.signOff, commit.signOff),
    },
    conflicts: { ignore: pick((file) => file.conflicts?.ignore, conflicts.ignore) },
    protectedPaths: [...new Set([...protectedPaths, ...pick((file) => file.protectedPaths, [])])],
    models,
    ledger,
  };
}

/**
 * The policy of a repository: `.github/agent.yml` on its default branch; where there is none, the same path in the organisation's `.github`
 * repository; `_extends` followed from there. `readText` must read default branches, never a pull request's head. Nothing in a file makes this
 * throw: bad parts fall back to what lies below them, each with one problem. What `readText` throws passes through.
 */
export async function loadPolicy(
  readText: ReadPolicyText,
  { owner, repo }: { readonly owner: string; readonly repo: string },
): Promise<LoadedPolicy> {
  const places = [repo, ORGANISATION_REPO].map((name) => ({ owner, repo: name, path: POLICY_PATH }));
  const candidates = repo.toLowerCase() === ORGANISATION_REPO ? places.slice(0, 1) : places;
  for (const place of candidates) {
    const text = await readText(place.owner, place.repo, place.path);
    if (text === null) continue;
    const { layers, problems } = await readChain(place, text, readText);
    return { policy: merge(layers), problems, sources: layers.map((layer) => nameOf(layer.place)) };
  }
  return { policy: defaultPolicy, problems: [], sources: [] };
}
