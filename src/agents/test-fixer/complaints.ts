// Complaints of a type checker or linter, compared: edits move lines, so a complaint is known by its path and its words.
import type { Complaint } from "../../core/suite.ts";

const keyOf = ({ path, message }: Complaint): string => `${path}\0${message}`;

/** Those of `now` that are not among `before`; what occurs oftener counts as often as it is more. */
export function newComplaints(now: readonly Complaint[], before: readonly Complaint[]): readonly Complaint[] {
  const known = new Map<string, number>();
  for (const one of before) known.set(keyOf(one), (known.get(keyOf(one)) ?? 0) + 1);
  return now.filter((one) => {
    const left = known.get(keyOf(one)) ?? 0;
    known.set(keyOf(one), left - 1);
    return left <= 0;
  });
}

/** "src/a.ts:12: message", a line each. */
export function complaintLines(complaints: readonly Complaint[], most: number): string {
  const lines = complaints
    .slice(0, most)
    .map(({ path, line, message }) => `${path}${line > 0 ? `:${line}` : ""}: ${message}`);
  const more = complaints.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}
