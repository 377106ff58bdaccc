// A process of its own that opens the embedded store and accepts commands until it is killed; prints the id of each that was accepted.
import { item, someCommand, silentLog } from "./fixtures.ts";
import { openStore } from "../../src/store/index.ts";

const [dataDir = ""] = process.argv.slice(2);
const { store } = await openStore({ dataDir, log: silentLog });
process.stdout.write("open\n");
for (let n = 0; ; n++) {
  const command = someCommand(
    { installationId: 1, owner: "acme", repo: "shop", number: 1 },
    { id: `child-${n}` },
  );
  await store.accept(`delivery-${n}`, item(command));
  process.stdout.write(`${command.id}\n`);
}
