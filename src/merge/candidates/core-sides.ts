// Candidates in which the lines that both sides begin or end with stand once, around what is each side's own.
import { commonPrefix, commonSuffix } from "../lines.ts";
import type { Family, Proposal } from "./candidate.ts";

export const coreSides: Family = (sides) => {
  const { ours, theirs } = sides.lines();
  const head = commonPrefix(ours, theirs);
  const tail = commonSuffix(ours, theirs, Math.min(ours.length, theirs.length) - head);
  if (head + tail === 0) return [];
  const start = ours.slice(0, head).join("");
  const end = ours.slice(ours.length - tail).join("");
  const own = ours.slice(head, ours.length - tail).join("");
  const other = theirs.slice(head, theirs.length - tail).join("");
  const around = (text: string): string => start + text + end;
  const proposals: Proposal[] = [
    { name: "core-ours-theirs", text: around(own + other) },
    { name: "core-theirs-ours", text: around(other + own) },
    { name: "core-none", text: around("") },
  ];
  if (own.trim() === "" || other.trim() === "") return proposals;
  const ending = own.endsWith("\r\n") ? "\r\n" : "\n";
  proposals.push(
    { name: "core-ours-blank-theirs", text: around(own + ending + other) },
    { name: "core-theirs-blank-ours", text: around(other + ending + own) },
  );
  if (tail > 0) {
    proposals.push(
      { name: "core-ours-end-theirs", text: around(own + end + other) },
      { name: "core-theirs-end-ours", text: around(other + end + own) },
    );
  }
  return proposals;
};
