import { randomBytes } from "node:crypto"; import { readdirSync, statSync, readFileSync } from "node:fs"; import { join } from "node:path";
import { createFixture, sides, canary } from "/work/main/test/workspace/fixture.ts";
const size = Number(process.argv[2]); const kind = process.argv[3];
const f = await createFixture();
const content = (t: string) => kind === "random" ? Buffer.concat([Buffer.from(t), randomBytes(size)]) : Buffer.concat([Buffer.from(t + "\n"), Buffer.alloc(size, "the same line of text again\n")]);
const files = (l: string) => ({ big: content(l), a: `${l}\n`, b: `${l}\nb\n` });
const shas = f.repository("r", sides(files("base"), files("ours"), files("theirs")));
f.git("r", "repack", "-adq", "--window=0");
console.error("repository ready");
// peak rss of git children
let peak = 0; const t = setInterval(() => { for (const p of readdirSync("/proc")) if (/^\d+$/.test(p)) try { const c = readFileSync(`/proc/${p}/cmdline`, "latin1"); if (c.includes(f.cacheDir) || c.startsWith("git\0index-pack")) { const s = readFileSync(`/proc/${p}/status`, "latin1"); const m = /VmRSS:\s+(\d+)/.exec(s); if (m) peak = Math.max(peak, Number(m[1])); } } catch {} }, 20);
const t0 = Date.now(); const w = await f.open("r", shas.ours!, shas.theirs!); const ms = Date.now() - t0; clearInterval(t);
const bytes = readdirSync(f.cacheDir, { recursive: true, encoding: "utf8" }).reduce((s, n) => s + (statSync(join(f.cacheDir, n)).isFile() ? statSync(join(f.cacheDir, n)).size : 0), 0);
console.log({ size, kind, ms, conflicts: w.conflicts.map((c) => [c.path, c.kind]), cacheBytes: bytes, sent: f.server.sent, fetches: f.server.requests.filter((l) => l.startsWith("POST")).length, peakGitRssMB: Math.round(peak / 1024), nodeRssMB: Math.round(process.memoryUsage().rss / 1e6) });
await f.close();
