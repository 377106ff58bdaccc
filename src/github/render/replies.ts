// Answers to commands that made no run: help, status, stop, refusals.
import { userVerbs } from "../../core/command.ts";
import type { Reply } from "../../core/render.ts";
import { codeSpan, prose, proseWithin } from "./markdown.ts";
import { phases, verbHelp } from "./words.ts";

const nameLimit = 100;

export function renderReply(reply: Reply, budget: number): string {
  switch (reply.kind) {
    case "help":
      return renderHelp(reply);
    case "status":
      return renderStatus(reply);
    case "stopped":
      return "**Stopped.** Nothing starts here until somebody asks again.";
    case "declined":
      return `**Declined**, ${codeSpan(reply.actor, nameLimit)}: ${proseWithin(reply.text, budget - 1000)}`;
  }
}

function renderHelp({ asked, nearest }: Extract<Reply, { kind: "help" }>): string {
  const unknown = asked === null ? "" : `There is no command ${codeSpan(asked, nameLimit)}.`;
  const hint = nearest === null ? "" : ` Did you mean \`/agent ${nearest}\`?`;
  const list = userVerbs.map((verb) => `- \`/agent ${verb}\` ${prose(verbHelp[verb])}`).join("\n");
  return [`${unknown}${hint}`.trim(), `At the start of a line, in a new comment:\n\n${list}`]
    .filter((part) => part !== "")
    .join("\n\n");
}

function renderStatus({ phase, waiting }: Extract<Reply, { kind: "status" }>): string {
  const queue = waiting > 0 ? ` Commands waiting: ${waiting}.` : "";
  return `**Status:** ${phases[phase]}${queue}`;
}
