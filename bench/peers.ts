// Ours beside other merge tools, on the same conflicts in one run.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { FileCase, HunkCase } from "../src/cli/bench/cases.ts";
import { sameButLayout } from "../src/cli/bench/measure-files.ts";
import { scoreTexts, scorerOf } from "../src/merge/score.ts";
import type { Score } from "../src/merge/score.ts";
import { collectCases } from "./support/cases.ts";
import { unionPeer, whitespacePeer } from "./support/git-peers.ts";
import { mergirafPeer } from "./support/mergiraf-peer.ts";
import { npmPeers } from "./support/npm-peers.ts";
import { ownFilePeer, ownHunkPeers } from "./support/own-peers.ts";
import type { HunkConflict } from "./support/own-peers.ts";
import type { Absent, Conflict, Peer } from "./support/peer.ts";
import { peerTable } from "./support/peer-table.ts";
import { publishResult } from "./support/result.ts";
import type { Table } from "./support/result.ts";

/** A tool is given the hunk in its clean context, as one text; its answer is cut back out where the context still stands around it. */
function hunkConflict(one: HunkCase): HunkConflict {
  const { path: file, before, after, base, ours, theirs, resolution, lang } = one;
  const around = (text: string) => before + text + after;
  const score = scorerOf({ language: lang, before, after, resolution });
  const judge = (result: string): Score => {
    const isAround = result.length >= before.length + after.length;
    return isAround && result.startsWith(before) && result.endsWith(after)
      ? score(result.slice(before.length, result.length - after.length))
      : scoreTexts(result, around(resolution), lang);
  };
  return { one, path: file, base: around(base), ours: around(ours), theirs: around(theirs), judge };
}

function fileConflict({ path: file, base, ours, theirs, merged }: FileCase): Conflict {
  const judge = (result: string): Score => {
    if (result === merged) return "exact";
    return sameButLayout(file, result, merged) ? "normalised" : "wrong";
  };
  return { path: file, base: base ?? "", ours, theirs, judge };
}

function packageConflict(one: FileCase): Conflict {
  const conflict = fileConflict(one);
  const judge = (result: string): Score => {
    const score = conflict.judge(result);
    return score === "wrong" && sameValues(result, one.merged) ? "normalised" : score;
  };
  return { ...conflict, judge };
}

function sameValues(one: string, other: string): boolean {
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch {
    return false;
  }
}

async function hunkTable(scratch: string, cases: readonly HunkCase[], npm: readonly (Peer | Absent)[]) {
  const conflicts = cases.map(hunkConflict);
  const peers = [
    ...ownHunkPeers(conflicts),
    unionPeer(scratch),
    whitespacePeer(scratch),
    await mergirafPeer(scratch, { fragments: true }),
    ...npm,
  ];
  return peerTable("Hunks, each with up to 30 clean lines around it", conflicts, peers);
}

async function fileTables(scratch: string, cases: readonly FileCase[], npm: readonly (Peer | Absent)[]) {
  const peers = [
    ownFilePeer(),
    unionPeer(scratch),
    whitespacePeer(scratch),
    await mergirafPeer(scratch, { fragments: false }),
    ...npm,
  ];
  const packages = cases.filter((one) => path.posix.basename(one.path) === "package.json");
  return [
    await peerTable("Whole files", cases.map(fileConflict), peers),
    await peerTable("package.json, right: the same values", packages.map(packageConflict), peers),
  ];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cases: { type: "string" },
      files: { type: "string" },
      limit: { type: "string" },
      write: { type: "boolean" },
    },
  });
  const { cases, files } = values;
  if (!cases && !files)
    throw new Error("Usage: peers.ts [--cases HUNKS[.gz]] [--files FILES[.gz]] [--limit N] [--write]");
  const limit = values.limit === undefined ? Infinity : Number(values.limit);
  const scratch = await mkdtemp(path.join(tmpdir(), "errand-peers-"));
  try {
    const npm = await npmPeers(path.join(scratch, "npm"));
    const tables: Table[] = [];
    if (cases) tables.push(await hunkTable(scratch, await collectCases(cases, HunkCase, limit), npm));
    if (files) tables.push(...(await fileTables(scratch, await collectCases(files, FileCase, limit), npm)));
    const said = [
      "npm run bench:peers --",
      ...(cases ? [`--cases ${path.basename(cases)}`] : []),
      ...(files ? [`--files ${path.basename(files)}`] : []),
      ...(values.limit ? [`--limit ${values.limit}`] : []),
    ];
    const figures = Object.fromEntries(tables.map(({ title, rows }) => [title, rows]));
    publishResult(
      { name: "peers", command: said.join(" "), figures, tables, failures: [] },
      values.write ?? false,
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

await main();
