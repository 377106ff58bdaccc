// The annotations of one check run.
import type { CheckAnnotation } from "../../core/failed-check.ts";
import type { PullRef } from "../../core/pull.ts";
import { pageSize, tryRead } from "../call.ts";
import type { Client } from "../client.ts";
import { cut, visible, visibleLine } from "../text.ts";
import { troubleOf } from "./trouble.ts";

const most = 100;
/** A linter that warns of each line may fill pages before its first failure. */
const mostPages = 5;
const messageLength = 2_000;
const pathLength = 1_000;
const levels: readonly CheckAnnotation["level"][] = ["failure", "warning", "notice"];

/** At most 100, failures first. Throws the signal's reason alone. */
export async function readAnnotations(
  client: Client,
  { owner, repo }: PullRef,
  { id, count, signal }: { readonly id: number; readonly count: number; readonly signal: AbortSignal },
): Promise<{ readonly annotations: readonly CheckAnnotation[]; readonly trouble: string }> {
  const all: CheckAnnotation[] = [];
  const pages = Math.min(mostPages, Math.ceil(count / pageSize));
  for (let page = 1; page <= pages; page++) {
    const answer = await tryRead(client, () =>
      client.octokit.rest.checks.listAnnotations({
        ...{ owner, repo, check_run_id: id, per_page: pageSize, page },
        request: { signal },
      }),
    );
    if (!answer.ok)
      return {
        annotations: best(all),
        trouble: troubleOf(answer.failure, { what: "the annotations", needs: "Checks: read" }),
      };
    all.push(...answer.data.map(annotationOf));
  }
  return { annotations: best(all), trouble: "" };
}

function annotationOf(given: {
  readonly path: string;
  readonly start_line: number;
  readonly annotation_level: string | null;
  readonly message: string | null;
}): CheckAnnotation {
  return {
    path: visibleLine(given.path, pathLength),
    line: Math.max(1, given.start_line),
    level: levels.find((level) => level === given.annotation_level) ?? "notice",
    message: visible(cut(given.message ?? "", messageLength)),
  };
}

const best = (all: readonly CheckAnnotation[]): readonly CheckAnnotation[] =>
  levels.flatMap((level) => all.filter((one) => one.level === level)).slice(0, most);
