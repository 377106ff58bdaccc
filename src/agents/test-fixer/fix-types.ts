// Type errors that the head has and the base has not: the same search, with the type checker as the judge and the tests beside it.
import type { ToolRun } from "../../core/suite.ts";
import { functionsIn, topLevelRegionAt } from "../../syntax/functions.ts";
import type { Aim, Standing } from "./aim.ts";
import { aroundPlace } from "./around.ts";
import { complaintLines, newComplaints } from "./complaints.ts";
import { consult } from "./consult.ts";
import type { Ended } from "./end.ts";
import { fixFailing } from "./fix-failing.ts";
import { evidenceOfTypes, judgeOfTypes } from "./judge-types.ts";
import type { TypesProblem } from "./judge-types.ts";
import { longestFile, mostPlaces } from "./limits.ts";
import { writeFilePrompt } from "./prompts/write-file.ts";
import { writeFunctionPrompt } from "./prompts/write-function.ts";
import { search } from "./search.ts";
import type { Tools } from "./search.ts";
import { settled } from "./select.ts";
import { readText } from "./tree-text.ts";
import type { FixPorts, FixProblem, Place } from "./types.ts";

export async function fixTypes(problem: FixProblem, ports: FixPorts, tools: Tools): Promise<Ended> {
  const { suite } = tools.budget;
  const head = await suite.typecheck(problem.head);
  if (head === null) {
    tools.journal.note("typecheck", "There is no type check to run here, so the tests are run.");
    return fixFailing(problem, ports, tools);
  }
  const { run, complaints } = head;
  tools.journal.note(
    "typecheck",
    `${run.command}: ${run.status}, ${complaints.length} complaints on the head. ${run.trouble}`,
  );
  if (run.status === "stopped")
    return { ending: "not-run", words: `The types could not be checked. ${run.trouble}` };
  if (run.status === "passed")
    return { ending: "not-reproduced", words: `\`${run.command}\` has no complaints here.` };
  const base = problem.base === null ? null : await suite.typecheck(problem.base);
  const wanted = newComplaints(complaints, base?.complaints ?? []);
  if (wanted.length === 0) return { ending: "red-on-base", words: sameOnBase(head, base) };
  tools.budget.begin(null);
  return searched({ problem, ports, tools, head, wanted });
}

function sameOnBase({ run, complaints }: ToolRun, base: ToolRun | null): string {
  if (complaints.length === 0 && base?.run.status !== "failed")
    return `\`${run.command}\` fails, and what it says could not be read: see to it by hand. ${run.trouble}`;
  return `\`${run.command}\` fails on the base in the same way: this pull request did not break it.`;
}

async function searched(known: TypesProblem): Promise<Ended> {
  const { tools, wanted, problem, ports } = known;
  const aim = typesAim(known);
  const start: Standing = { edits: [], fixed: 0, run: null, evidence: evidenceOfTypes(wanted) };
  const first = await search(aim, start, tools);
  const textAt = async (path: string) =>
    first.standing.edits.find((edit) => edit.path === path)?.after ??
    readText(ports.trees, problem.head, path);
  const found = first.accepted.length > 0 ? first : await consult(first, aim, textAt, tools);
  const said = `\`${known.head.run.command}\` complains on this commit and not on its base: ${complaintLines(wanted, 2).replaceAll("\n", "; ")}.`;
  const best = await settled(found.accepted, tools.models);
  const shared = { places: found.places, tried: found.tried };
  if (best === null) {
    const why =
      found.best === null
        ? (found.ended ?? found.gaveUp[0] ?? "no model wrote a candidate")
        : found.best.judgement.why;
    return {
      ...shared,
      ending: "unfixed",
      words: `${said} Nothing that was tried puts it right: ${why}`,
      best: found.best?.judgement.edits ?? [],
    };
  }
  const { edits, doubts } = best;
  const paths = edits.map(({ path }) => path).join(", ");
  const words = `${said} With a change to ${paths} it does not, and has no new complaints. ${doubts.join(" ")}`;
  return {
    ...shared,
    ending: doubts.length > 0 ? "doubtful" : "fixed",
    words,
    edits,
    editsClass: "source",
    doubts,
  };
}

function typesAim(known: TypesProblem): Aim {
  return {
    slot: "write",
    prompts: { part: writeFunctionPrompt, file: writeFilePrompt },
    placesOf: (standing) => placesOf(known, standing),
    aroundOf: (place) => aroundPlace(place, known.problem, known.ports.trees),
    judge: judgeOfTypes(known),
  };
}

/** The functions, or the statements, in which the complaints stand. */
async function placesOf(
  { problem, ports, wanted }: TypesProblem,
  { edits }: Standing,
): Promise<readonly Place[]> {
  const places: Place[] = [];
  for (const { path, line, message } of wanted) {
    const text =
      edits.find((edit) => edit.path === path)?.after ?? (await readText(ports.trees, problem.head, path));
    if (text === null || text.length > longestFile) continue;
    const around = (await functionsIn(path, text)).filter(
      ({ firstLine, lastLine }) => firstLine <= line && line <= lastLine,
    );
    const span = around.at(-1) ?? (await topLevelRegionAt(path, text, line));
    const isKnown = places.some((place) => place.path === path && place.span?.start === span?.start);
    if (!isKnown)
      places.push({
        path,
        text,
        span,
        why: `The type checker says of line ${line}: ${message.slice(0, 200)}`,
        score: 1,
      });
    if (places.length >= mostPlaces) break;
  }
  return places;
}
