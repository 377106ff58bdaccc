// A worker of its own for tests: node --import tsx driver-process.ts DIRECTORY USER|none SCRIPT... Runs the scripts in a sandbox, one after the other, and prints each result.
import { defaultSandboxLimits } from "../../../src/core/sandbox-settings.ts";
import { openSandbox } from "../../../src/workspace/sandbox/index.ts";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [directory = "", user = "none", ...scripts] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "errand-tree-"));
writeFileSync(join(folder, "a.txt"), "text of a\n");
const tar = execFileSync("tar", ["-c", "-f", "-", "-C", folder, "."]);
rmSync(folder, { recursive: true });

const none = () => undefined;
const state = await openSandbox({
  settings: {
    driver: "bwrap",
    directory,
    user: user === "none" ? null : Number(user),
    limits: { ...defaultSandboxLimits, memoryBytes: 300e6, processes: 60, cpuMs: 2000, wallMs: 60_000 },
    registries: [],
    tools: [],
    container: { runtime: "docker", image: "none" },
  },
  log: { debug: none, info: none, warn: none, error: none },
  dependencies: { find: () => Promise.resolve(null), fill: () => Promise.resolve(null) },
  openRoad: () => Promise.reject(new Error("no road")),
  variables: {},
  selfTest: () => Promise.resolve(null),
});
if (state.kind === "unavailable") throw new Error(`${state.why} ${state.remedy}`);
for (const script of scripts) {
  const result = await state.sandbox.run({
    tree: async function* () {
      yield await Promise.resolve(tar);
    },
    argv: ["/bin/bash", "-c", script],
    network: "none",
    cache: null,
    returns: [],
    reports: [],
    signal: new AbortController().signal,
  });
  console.log(JSON.stringify(result));
}
