// Makes the ranker's weights from cases, from nothing to the files that are shipped.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "..");

async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: "inherit", cwd: root });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`${command} ${args[0] ?? ""} ended with status ${code ?? "none"}.`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string" },
      extra: { type: "string", multiple: true, default: [] },
      python: { type: "string", default: "python3" },
    },
  });
  if (!values.cases) {
    throw new Error("Usage: npm run train -- --cases FILE[.gz] [--extra FILE[.gz]]... [--python python3]");
  }
  const scratch = mkdtempSync(path.join(tmpdir(), "errand-train-"));
  try {
    const features = path.join(scratch, "features");
    const extra = values.extra.flatMap((file) => ["--extra", file]);
    const measure = path.join(here, "export.ts");
    await run(process.execPath, [
      "--import",
      "tsx",
      measure,
      "--cases",
      values.cases,
      ...extra,
      "--out",
      features,
    ]);

    const environment = path.join(scratch, "python");
    const python = path.join(environment, "bin/python");
    await run(values.python, ["-m", "venv", environment]);
    await run(python, ["-m", "pip", "install", "--quiet", "-r", path.join(here, "requirements.txt")]);
    await run(python, [
      path.join(here, "train.py"),
      features,
      ...["--model", path.join(root, "src/merge/rank/model.json")],
      ...["--report", path.join(root, "bench/results/ranker.json")],
      ...["--parity", path.join(root, "test/merge/rank/parity.json")],
    ]);
    copyFileSync(path.join(features, "beam-counts.json"), path.join(root, "src/merge/rank/beam-counts.json"));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

await main();
