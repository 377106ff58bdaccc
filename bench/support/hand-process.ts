// The process side of hand.ts: one job at a time, until the parent hangs up.
import { messageOf } from "../../src/core/errors.ts";
import type { HandAnswer } from "./hand.ts";
import { workByHand } from "./hand-job.ts";
import type { HandJob } from "./hand-job.ts";

const answer = (message: HandAnswer): void => {
  process.send?.(message);
};

process.on("message", (job) => {
  workByHand(job as HandJob).then(
    (result) => {
      answer({ result });
    },
    (error: unknown) => {
      answer({ error: messageOf(error) });
    },
  );
});
