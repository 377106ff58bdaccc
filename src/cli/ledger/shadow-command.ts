// `errand ledger shadow`: the replay, from the operator's settings to a printed answer.
import { AppError } from "../../core/errors.ts";
import type { ModelSettings } from "../../core/model-settings.ts";
import { clientFor } from "../../model/clients/client-for.ts";
import { createScreen } from "../../model/screen.ts";
import { createAskLogged } from "./ask-logged.ts";
import { shadowText } from "./evidence-text.ts";
import type { LedgerPorts } from "./ports.ts";
import { shadow } from "./shadow.ts";
import type { AskLogged, ShadowOptions } from "./shadow.ts";

type ShadowCommand = ShadowOptions & { readonly json: boolean };

/** Throws `AppError("input")` for a model that the operator does not allow. */
function requireAllowed(model: string, { allowed }: Pick<ModelSettings, "allowed">): void {
  if (allowed.includes(model)) return;
  throw new AppError(
    "input",
    `${model} is not among the models that may be asked: what is logged is shown to no other.`,
    {
      retryable: false,
      remedy: `Add it to ERRAND_MODELS. Allowed now: ${allowed.join(", ") || "none"}.`,
    },
  );
}

/** Returns the exit code: 0 when every slot meets the bar, 1 when one does not, or nothing could be compared. */
export async function runShadow(
  options: ShadowCommand,
  ports: LedgerPorts,
  askLogged: AskLogged,
): Promise<number> {
  const result = await shadow(options, ports, askLogged);
  ports.print(options.json ? `${JSON.stringify(result, null, 2)}\n` : shadowText(result));
  return result.slots.length > 0 && result.slots.every(({ bar }) => bar.met) ? 0 : 1;
}

/** The same on the servers that the settings name; Ctrl-C ends early. Throws `AppError("input")` for a model that is not allowed. */
export async function shadowFromEnvironment(
  command: ShadowCommand,
  ports: LedgerPorts,
  settings: ModelSettings,
): Promise<number> {
  requireAllowed(command.model, settings);
  const stop = new AbortController();
  const interrupted = (): void => {
    stop.abort(new Error("interrupted"));
  };
  process.once("SIGINT", interrupted);
  const { ledger, now } = ports;
  const parts = {
    settings,
    ledger,
    clientFor: clientFor(settings),
    now,
    askingMs: Infinity,
    screen: createScreen({ ledger, now, settings }),
  };
  try {
    return await runShadow(command, ports, createAskLogged(command.model, parts, stop.signal));
  } finally {
    process.off("SIGINT", interrupted);
  }
}
