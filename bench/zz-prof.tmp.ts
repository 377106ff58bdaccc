import { mkdtemp, rm, writeFile, readFile } from "node:fs/promises";
import path from "node:path";
import { tmpdir } from "node:os";
import { startFakeGitHub } from "../test/support/fake-github.ts";
import { startRedis } from "../test/support/servers.ts";
import { startProcess } from "./support/app-process.ts";
import { runApp, runByHand } from "./support/e2e-runs.ts";
import { makeShop } from "./support/shop.ts";
const epoch = () => performance.timeOrigin + performance.now();
const directory = await mkdtemp(path.join(tmpdir(), "errand-prof-"));
const github = await startFakeGitHub();
const redis = await startRedis();
const emb = process.argv[2] === "embedded";
const vars = { ERRAND_DATA_DIR: path.join(directory, "data"), LOG_LEVEL:"debug", ...(process.argv[3]==="shim"?{PATH: "/tmp/prof/shim:" + process.env["PATH"]}:{}) };
const web = await startProcess(emb ? "start" : "web", github, emb ? vars : { ...vars, REDIS_URL: redis.url });
const worker = emb ? web : await startProcess("worker", github, { ...vars, REDIS_URL: redis.url });
const events: { at: number; what: string }[] = [];
github.onRequest((r) => { events.push({ at: epoch(), what: `> ${r.method} ${r.path.slice(0,70)}` }); }, "before");
github.onRequest((r) => { events.push({ at: epoch(), what: `< ${r.method} ${r.path.slice(0,70)} ${r.status}` }); }, "after");
const show = async (name: string, began: number) => {
  const log = (await readFile("/tmp/prof/git.log", "utf8").catch(() => "")).split("\n").filter(Boolean).map((l) => l.split(" "));
  for (const [s, e, ...a] of log) { const args=a.filter((x)=>!x.startsWith("--git-dir")); events.push({ at: Number(s) * 1000, what: `  git[${Math.round((Number(e) - Number(s)) * 1000)}ms] ${a.join(" ").includes("mirrors")?"M ":"W "}${args.join(" ").slice(0, 90)}` }); }
  for (const l of worker.lines) if (typeof l["time"] === "number" && l["time"] > began && l.msg !== "octokit") events.push({ at: l["time"], what: `  log ${l.msg}` });
  console.log(`\n=== ${name}`);
  for (const { at, what } of events.sort((a, b) => a.at - b.at)) if(at>=began) console.log(String(Math.round(at - began)).padStart(6), what);
  events.length = 0; await writeFile("/tmp/prof/git.log", "");
};
for (let r = 0; r < 2; r++) {
  const shop = await makeShop(github, `org-${r}`);
  let m;
  for (const kind of ["cold", "warm", "warm"]) {
    events.length = 0; await writeFile("/tmp/prof/git.log", "");
    const b = epoch(); m = await runApp(github, { web, worker }, shop);
    await new Promise((f) => setTimeout(f, 1500));
    if (r === 1) await show(`${kind} app ${Math.round(m.timing.toPush)}`, b); else console.log(kind, m.timing);
    const c = epoch(); const t = await runByHand(github, shop, m, { directory: path.join(directory, `c${r}`), warm: kind === "warm" });
    if (r === 1 && kind==="warm") await show(`hand ${Math.round(t.toPush)}`, c); else console.log("hand", t);
  }
}
await web.stop(); await worker.stop(); await redis.stop(); await github.close(); await rm(directory, { recursive: true });
