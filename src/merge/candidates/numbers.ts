// Candidates that know what numbers mean: the higher of two versions, and the sum of two changes to a count.
import { tokenBlocks } from "./beam.ts";
import type { Fork } from "./blocks.ts";
import type { Family } from "./candidate.ts";
import { isLong, proposal } from "./proposals.ts";

/** Negative or positive as one dotted number is lower or higher than the other: part by part, a missing part is lowest. */
export function compareDotted(one: string, other: string): number {
  const [own, others] = [partsOf(one), partsOf(other)];
  for (let index = 0; index < Math.max(own.length, others.length); index++) {
    const [part, counterpart] = [own[index] ?? "", others[index] ?? ""];
    if (part.length !== counterpart.length) return part.length - counterpart.length;
    if (part !== counterpart) return part < counterpart ? -1 : 1;
  }
  return 0;
}

/** Without leading zeros, numbers of any length compare by length, then as text; zero itself keeps one digit. */
function partsOf(dotted: string): string[] {
  return dotted
    .split(".")
    .filter((part) => part !== "")
    .map((part) => part.replace(/^0+(?=\d)/, ""));
}

const dotted = /^[\d.]+$/;

/** Where both sides have another number in one place the higher; everywhere else what a side changed, in doubt ours. */
export const higherVersion: Family = (sides) => {
  if (isLong(sides) || !/\d/.test(sides.ours) || !/\d/.test(sides.theirs)) return [];
  let text = "";
  let numbers = 0;
  for (const block of tokenBlocks(sides) ?? []) {
    if (block.kind === "shared") {
      text += block.text;
      continue;
    }
    const [ours, theirs] = [block.ours.join(""), block.theirs.join("")];
    if (dotted.test(ours) && dotted.test(theirs)) {
      numbers++;
      text += compareDotted(theirs, ours) > 0 ? theirs : ours;
    } else text += isTheirs(block) ? theirs : ours;
  }
  return proposal(sides, "higher-version", numbers > 0 ? text : null);
};

/** Whether only theirs is new: ours is what the base had, or has nothing where theirs added. */
function isTheirs({ oursOld, theirsOld }: Fork): boolean {
  const isOld = (old: readonly boolean[]): boolean => old.length > 0 && old.every(Boolean);
  if (oursOld.length === 0) return !theirsOld.some(Boolean);
  return isOld(oursOld) && !isOld(theirsOld);
}

/** Longest number in digits that adds up without loss. */
const mostDigits = 9;

/** Same text around as many numbers on all three sides; what both changed is the base with both changes, never below 0. */
export const numberSum: Family = (sides) => {
  if (isLong(sides)) return [];
  const [base = [], ours = [], theirs = []] = [sides.base, sides.ours, sides.theirs].map(splitNumbers);
  if (base.length !== ours.length || base.length !== theirs.length) return [];
  const versions = base.map((old, index) => ({ old, own: ours[index] ?? "", other: theirs[index] ?? "" }));
  if (!versions.every((version, index) => (index % 2 === 1 ? isShort(version) : isUnchanged(version))))
    return [];
  if (!versions.some(areApart)) return [];
  return proposal(sides, "number-sum", versions.map(sum).join(""));
};

/** A text or a number on the three sides. */
interface Versions {
  readonly old: string;
  readonly own: string;
  readonly other: string;
}

/** Texts and numbers by turns, a text first. */
const splitNumbers = (text: string): string[] => text.split(/(\d+)/);

const isUnchanged = ({ old, own, other }: Versions): boolean => own === old && other === old;

const isShort = ({ old, own, other }: Versions): boolean =>
  [old, own, other].every(({ length }) => length <= mostDigits);

const areApart = ({ old, own, other }: Versions): boolean =>
  own !== old && other !== old && Number(own) !== Number(other);

function sum({ old, own, other }: Versions): string {
  if (own === old) return other;
  if (other === old) return own;
  return String(Math.max(0, Number(own) + Number(other) - Number(old)));
}
