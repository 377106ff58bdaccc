// The thread that rules and parsers run in: a hostile file may keep it busy, but not the event loop that answers webhooks.
import { parentPort } from "node:worker_threads";
import type { Reply, Request } from "./merge-protocol.ts";
import { mergeRules } from "./merge-rules.ts";

async function replyTo(request: Request): Promise<Reply> {
  try {
    return await answerTo(request);
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

async function answerTo(request: Request): Promise<Reply> {
  switch (request.op) {
    case "resolve":
      return { kind: "resolution", resolution: await mergeRules.resolve(request.file, request.options) };
    case "parse-errors":
      return { kind: "parse-errors", errors: await mergeRules.parseErrors(request.path, request.texts) };
    case "learn":
      return { kind: "lesson", lesson: await mergeRules.learn(request.merge) };
    case "start-lockfile":
      return { kind: "lockfile-start", text: await mergeRules.startLockfile(request.path, request.sides) };
    case "verify-lockfile":
      return { kind: "lockfile-verdict", verdict: await mergeRules.verifyLockfile(request.request) };
  }
}

const say = (reply: Reply): void => {
  parentPort?.postMessage(reply);
};

parentPort?.on("message", (request: Request) => {
  void replyTo(request).then(say);
});
say({ kind: "ready" });
