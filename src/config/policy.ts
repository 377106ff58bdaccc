// A repository's policy: its own agent.yml or its organisation's, what they build on, and the defaults below.
import type { LoadedPolicy } from "../core/policy.ts";
import type { PolicyProblem } from "../core/report.ts";
import { defaultPolicy } from "./policy-defaults.ts";
import { checkPolicyFile } from "./policy-file.ts";
import { mergePolicies } from "./policy-merge.ts";
import { withoutProtectedRules } from "./policy-protected.ts";
import type { PolicyFile } from "./policy-schema.ts";
import { consequenceOf, unreadable } from "./refusals.ts";

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

interface Chain {
  /** The first overrides the second, and so on. */
  readonly values: readonly PolicyFile[];
  /** Where the rules of `regenerate` stand that count: in the nearest file that has any. */
  readonly rulesAt: Pick<PolicyProblem, "file" | "line">;
  /** Files that were read. */
  readonly sources: readonly string[];
  readonly problems: readonly PolicyProblem[];
}

/** Follows `_extends` from the first file. A broken link is a problem; what was read up to there counts, and below it what counts for a file that cannot be read. */
async function readChain(first: Place, firstText: string, readText: ReadPolicyText): Promise<Chain> {
  const values: PolicyFile[] = [];
  const sources: string[] = [];
  const problems: PolicyProblem[] = [];
  const seen = new Set<string>();
  let rulesAt: Chain["rulesAt"] | undefined;
  const none = { file: nameOf(first), line: 1 };
  let place = first;
  let text: string | null = firstText;
  for (;;) {
    seen.add(keyOf(place));
    const checked = checkPolicyFile(text, nameOf(place));
    values.push(checked.values);
    sources.push(nameOf(place));
    problems.push(...checked.problems);
    if (checked.values.regenerate) rulesAt ??= { file: nameOf(place), line: checked.lineOf(["regenerate"]) };
    const link = checked.values._extends;
    if (link === undefined) return { values, sources, problems, rulesAt: rulesAt ?? none };

    const next = parseExtends(link, place);
    const bad = (message: string): Chain => ({
      values: [...values, unreadable],
      sources,
      rulesAt: rulesAt ?? none,
      problems: [
        ...problems,
        {
          file: nameOf(place),
          key: "_extends",
          message: `${message}${consequenceOf("_extends")}`,
          line: checked.lineOf(["_extends"]),
        },
      ],
    });
    if (typeof next === "string") return bad(next);
    if (seen.has(keyOf(next))) return bad(`comes back to ${nameOf(next)}, which was read already`);
    if (sources.length === MAX_CHAIN) return bad(`goes on for more than ${MAX_CHAIN} files`);
    text = await readText(next.owner, next.repo, next.path);
    if (text === null)
      return bad(`names ${nameOf(next)}, which is not there or not open to this installation`);
    place = next;
  }
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
    const { values, sources, problems, rulesAt } = await readChain(place, text, readText);
    const kept = withoutProtectedRules(mergePolicies(values), rulesAt);
    return { policy: kept.policy, problems: [...problems, ...kept.problems], sources };
  }
  return { policy: defaultPolicy, problems: [], sources: [] };
}
