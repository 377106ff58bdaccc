// Members of an unordered container merged as a set: what either side added is kept, what either removed goes, what both changed is merged.
import type { UnorderedContainer } from "./language.ts";
import { membersOf } from "./member-list.ts";
import type { Member, MemberList } from "./member-list.ts";
import { changedSide, note, put } from "./pieces.ts";
import type { Merging, Place, Run, Triple } from "./pieces.ts";
import type { Span, TreeNode } from "./tree.ts";

type MergeNode = (nodes: Triple<TreeNode>, place: Place, merging: Merging) => void;

/** Merges a run as a set and answers `true`; `false`, with nothing done, where it is not one or the sides contradict each other. */
export function mergeMembers(
  runs: Triple<Run>,
  place: Place,
  merging: Merging,
  mergeNode: MergeNode,
): boolean {
  const within = place.parent?.type ?? "";
  const container = merging.language.containers.get(within);
  const lists = container && listsOf(runs, container, merging);
  const plan = lists && planOf(lists, merging.first);
  const separators = plan && separatorsOf(plan, lists, container, place);
  if (!separators) return false;
  putIfAny(merging, separators.opening);
  for (const [index, planned] of plan.entries()) {
    putMember(planned, place, merging, mergeNode);
    putIfAny(merging, separators.behind[index]);
    putIfAny(merging, memberOf(planned).tail);
  }
  const deed = runs.base.nodes.length === 0 ? "both-add" : "mixed";
  note(merging, { side: "both", within, members: `${deed}-${container.what}` }, runs.ours);
  return true;
}

function putIfAny(merging: Merging, span: Span | null | undefined): void {
  if (span) put(merging, span);
}

function listsOf(
  runs: Triple<Run>,
  container: UnorderedContainer,
  merging: Merging,
): Triple<MemberList> | null {
  const base = membersOf(runs.base, container, merging);
  const ours = membersOf(runs.ours, container, merging);
  const theirs = membersOf(runs.theirs, container, merging);
  return base && ours && theirs && { base, ours, theirs };
}

/** One member of the result: as one side has it, or merged of three. */
type Planned = { readonly take: Member } | { readonly merge: Triple<Member> };

const memberOf = (planned: Planned): Member => ("take" in planned ? planned.take : planned.merge.ours);

/** The members of the result in their order: the first side's, and the other's additions behind what they stood behind there. */
function planOf(lists: Triple<MemberList>, first: "ours" | "theirs"): Planned[] | null {
  const second = first === "ours" ? "theirs" : "ours";
  const maps = { base: byKey(lists.base), ours: byKey(lists.ours), theirs: byKey(lists.theirs) };
  const planned = new Map<string, Planned>();
  for (const key of new Set([...maps.ours.keys(), ...maps.theirs.keys()])) {
    const fate = fateOf(maps.base.get(key), maps.ours.get(key), maps.theirs.get(key));
    if (fate === "conflict") return null;
    if (fate !== "gone") planned.set(key, fate);
  }
  const order = lists[first].members.map(({ key }) => key).filter((key) => planned.has(key));
  let previous = -1;
  for (const { key } of lists[second].members) {
    const known = order.indexOf(key);
    if (known !== -1) previous = known;
    if (known !== -1 || !planned.has(key)) continue;
    previous++;
    // Behind what the first side added at the same place.
    while (previous < order.length && !lists[second].keys.has(order[previous] ?? "")) previous++;
    order.splice(previous, 0, key);
  }
  return order.flatMap((key) => planned.get(key) ?? []);
}

const byKey = ({ members }: MemberList): Map<string, Member> =>
  new Map(members.map((member) => [member.key, member]));

/** What becomes of a member that at least one side has. */
function fateOf(
  base: Member | undefined,
  ours: Member | undefined,
  theirs: Member | undefined,
): Planned | "gone" | "conflict" {
  if (ours && theirs) return bothOf(base, ours, theirs);
  const only = ours ?? theirs;
  if (only === undefined) return "gone";
  if (base === undefined) return { take: only };
  return only.text === base.text ? "gone" : "conflict";
}

function bothOf(base: Member | undefined, ours: Member, theirs: Member): Planned | "conflict" {
  if (ours.text === theirs.text) return { take: ours };
  if (base === undefined) return "conflict";
  const side = changedSide(base.text, ours.text, theirs.text);
  if (side !== null) return { take: side === "theirs" ? theirs : ours };
  return ours.lead === theirs.lead ? { merge: { base, ours, theirs } } : "conflict";
}

interface Separators {
  readonly opening: Span | null;
  /** For each member of the result, what stands behind it. */
  readonly behind: readonly (Span | null)[];
}

/** Separators for the result, each a span of some side; `null` where one is needed and none is to be found. */
function separatorsOf(
  plan: readonly Planned[],
  { base, ours, theirs }: Triple<MemberList>,
  { separator }: UnorderedContainer,
  { parent }: Place,
): Separators | null {
  const own = plan.map((planned) => memberOf(planned).separator);
  const opening = ours.opening ?? theirs.opening;
  if (separator === null) return opening === null ? { opening, behind: own } : null;
  const any =
    [opening, ...own, base.opening].find((span) => span !== null) ??
    parent?.children.find(({ text }) => text === separator) ??
    null;
  const last = plan.length - 1;
  // A last member has one behind it where each side's last one has.
  const closes = [ours, theirs].every(({ members }) => members.at(-1)?.separator);
  const behind = own.map((span, index) => (index < last || closes ? (span ?? any) : null));
  if (behind.some((span, index) => span === null && (index < last || closes))) return null;
  return { opening: plan.length === 0 ? null : opening, behind };
}

function putMember(planned: Planned, place: Place, merging: Merging, mergeNode: MergeNode): void {
  const member = memberOf(planned);
  if ("take" in planned) {
    put(merging, member);
    return;
  }
  const { base, ours, theirs } = planned.merge;
  put(merging, { side: member.side, start: member.start, end: member.node.start });
  mergeNode({ base: base.node, ours: ours.node, theirs: theirs.node }, place, merging);
}
