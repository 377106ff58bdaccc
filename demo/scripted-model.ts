// A model for the demo: a server on this machine that answers from a script, over the same wire as a real one. It is no language model: it counts words.
import { keepBoth } from "../src/scripted/keep-both.ts";
import { startScriptedServer } from "../src/scripted/server.ts";

/** What the app is told of it: variables of its environment, as an operator would set them. */
export interface DemoModel {
  readonly variables: Readonly<Record<string, string>>;
  readonly calls: () => number;
  readonly close: () => Promise<void>;
}

/** A stand-in for a small model's price, so that the demo shows money: dollars for a million tokens in and out. */
const price = "0.10/0.50";

export async function startDemoModel(): Promise<DemoModel> {
  const server = await startScriptedServer(keepBoth);
  return {
    variables: {
      ERRAND_SMALL_MODEL: "openai:scripted@demo",
      ERRAND_ENDPOINTS: `demo=${server.openaiUrl}`,
      ERRAND_PRICES: `@demo=${price}`,
    },
    calls: () => server.requests().length,
    close: () => server.close(),
  };
}
