// A process of its own that reserves money for a model call and hangs, as one whose model does not answer; prints the id once it is reserved.
import { openStore } from "../../src/store/index.ts";
import { someCall, someScope } from "./ledger-facts.ts";
import type { Place } from "./drivers.ts";
import { silentLog } from "./fixtures.ts";

/** Written by `ledger-kill.test.ts`. */
const readAddress = (text: string): Place["address"] => JSON.parse(text) as Place["address"];

const [address = "{}", runId = "", key = ""] = process.argv.slice(2);
const { store } = await openStore({ dataDir: "/nowhere", ...readAddress(address), log: silentLog });
const call = someCall({ runId, id: `${runId}-call` });
await store.reserveCall(call, [someScope(15, { key })]);
process.stdout.write(`${call.id}\n`);
setInterval(() => undefined, 60_000);
