// The thread that rules and parsers run in: a hostile file may keep it busy, but not the event loop that answers webhooks.
import { parentPort } from "node:worker_threads";
import type { Reply, Request } from "./merge-protocol.ts";
import { mergeRules } from "./merge-rules.ts";

async function replyTo(request: Request): Promise<Reply> {
  try {
    if (request.op === "resolve")
      return { kind: "resolution", resolution: await mergeRules.resolve(request.file, request.options) };
    if (request.op === "learn") return { kind: "lesson", lesson: await mergeRules.learn(request.merge) };
    return { kind: "parse-errors", errors: await mergeRules.parseErrors(request.path, request.texts) };
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

const say = (reply: Reply): void => {
  parentPort?.postMessage(reply);
};

parentPort?.on("message", (request: Request) => {
  void replyTo(request).then(say);
});
say({ kind: "ready" });
