// Writes docs/agent.schema.json from the zod schema; with --check, says whether it is fresh instead.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { policySchemaJson } from "../src/config/policy-schema.ts";

const file = path.resolve(import.meta.dirname, "../docs/agent.schema.json");
const schema = policySchemaJson();

if (!process.argv.includes("--check")) {
  writeFileSync(file, schema);
} else if (!existsSync(file) || readFileSync(file, "utf8") !== schema) {
  console.error("docs/agent.schema.json is stale: run `node --import tsx scripts/write-schema.ts`.");
  process.exitCode = 1;
}
