// Cuts GitHub's OpenAPI description down to the operations that the fake GitHub of the tests answers, and the events that it delivers.
//
// Re-run after adding a route or an event to test/support/fake/routes.ts (the package is no dependency: unpacked it is 385 MB):
//   cd "$(mktemp -d)" && npm pack @octokit/openapi && tar xzf octokit-openapi-*.tgz package/generated/api.github.com.json
//   node --import tsx scripts/trim-openapi.ts <that directory>/package/generated/api.github.com.json
import { readFileSync, writeFileSync } from "node:fs";
import { operations, webhooks } from "../test/support/fake/routes.ts";

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
  [key: string]: Json;
}

const OUTPUT = new URL("../test/support/github-openapi.json", import.meta.url);
/** Words for people, and what only OpenAPI knows: `nullable` is translated, the others carry no constraint. */
const DROPPED = new Set([
  "description",
  "example",
  "examples",
  "title",
  "summary",
  "externalDocs",
  "discriminator",
  "deprecated",
  "nullable",
  "default",
  "readOnly",
]);

/** Places where the published description is narrower than what GitHub is known to answer. */
const CORRECTIONS: readonly { schema: string; path: readonly string[]; why: string }[] = [
  { schema: "pull-request", path: ["properties", "head", "properties", "repo"], why: "deleted fork" },
  { schema: "pull-request-simple", path: ["properties", "head", "properties", "repo"], why: "deleted fork" },
];

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function orNull(schema: Json): Json {
  return { anyOf: [schema, { type: "null" }] };
}

/** One keyword of a schema, with the schemas inside it turned too. */
function keywordOf(key: string, inner: Json): Json {
  if (key === "$ref" && typeof inner === "string") return inner.replace(/^#/, "github#");
  if (key === "properties" && isObject(inner)) {
    return Object.fromEntries(Object.entries(inner).map(([name, of]) => [name, schemaOf(of)]));
  }
  if (Array.isArray(inner)) return ["anyOf", "oneOf", "allOf"].includes(key) ? inner.map(schemaOf) : inner;
  return schemaOf(inner);
}

/** Turns an OpenAPI 3.0 schema into JSON Schema without words; references become absolute. */
function schemaOf(value: Json): Json {
  if (!isObject(value)) return value;
  const out: JsonObject = {};
  for (const [key, inner] of Object.entries(value)) {
    if (!DROPPED.has(key) && !key.startsWith("x-")) out[key] = keywordOf(key, inner);
  }
  return value["nullable"] === true ? orNull(out) : out;
}

/**
 * Request bodies are closed: a misspelt field must fail. GitHub ignores unknown fields, so a slip would go unseen there.
 * Branches of `anyOf` stay open, for they see their parent's fields too.
 */
function closed(schema: Json): Json {
  if (!isObject(schema)) return schema;
  const out: JsonObject = { ...schema };
  if (isObject(out["properties"])) {
    out["properties"] = Object.fromEntries(
      Object.entries(out["properties"]).map(([name, of]) => [name, closed(of)]),
    );
    if (!isObject(out["additionalProperties"])) {
      delete out["additionalProperties"];
      out["unevaluatedProperties"] = false;
    }
  }
  if (isObject(out["items"])) out["items"] = closed(out["items"]);
  for (const key of ["anyOf", "oneOf"]) {
    const branches = out[key];
    if (Array.isArray(branches)) out[key] = branches.map((branch) => withoutOpenness(branch));
  }
  return out;
}

function withoutOpenness(branch: Json): Json {
  if (!isObject(branch) || branch["additionalProperties"] !== true) return branch;
  return Object.fromEntries(Object.entries(branch).filter(([key]) => key !== "additionalProperties"));
}

function resolve(document: JsonObject, value: Json | undefined): JsonObject {
  if (!isObject(value)) throw new Error(`Expected an object, found ${JSON.stringify(value)}.`);
  const reference = value["$ref"];
  if (typeof reference !== "string") return value;
  let found: Json | undefined = document;
  for (const part of reference.slice(2).split("/")) found = isObject(found) ? found[part] : undefined;
  return resolve(document, found);
}

function contentSchemas(document: JsonObject, response: Json | undefined): JsonObject {
  const content = resolve(document, response)["content"];
  if (!isObject(content)) return {};
  return Object.fromEntries(
    Object.entries(content).map(([type, media]) => [
      type,
      schemaOf(resolve(document, media)["schema"] ?? {}),
    ]),
  );
}

function operationOf(document: JsonObject, name: string): JsonObject {
  const [method, path] = name.split(" ") as [string, string];
  const paths = resolve(document, document["paths"]);
  const item = isObject(paths[path]) ? paths[path][method.toLowerCase()] : undefined;
  if (!isObject(item))
    throw new Error(`${name} is not in GitHub's description: is the template spelt as there?`);
  const parameters = Array.isArray(item["parameters"]) ? item["parameters"] : [];
  const body = isObject(item["requestBody"]) ? item["requestBody"] : null;
  const json = body === null ? undefined : contentSchemas(document, body)["application/json"];
  const responses = Object.entries(resolve(document, item["responses"])).filter(
    ([status]) => status < "300" || status === "302",
  );
  return {
    parameters: parameters.map((parameter) => {
      const { name: parameterName, in: place, required, schema } = resolve(document, parameter);
      return {
        name: parameterName ?? "",
        in: place ?? "",
        required: required === true,
        schema: schemaOf(schema ?? {}),
      };
    }),
    body: json === undefined ? null : { required: body?.["required"] === true, schema: closed(json) },
    responses: Object.fromEntries(
      responses.map(([status, response]) => [status, contentSchemas(document, response)]),
    ),
  };
}

/** What an event carries. Open, as all that GitHub sends. */
function webhookOf(document: JsonObject, name: string): Json {
  const item = resolve(document, document["x-webhooks"])[name];
  if (!isObject(item)) throw new Error(`The event ${name} is not in GitHub's description.`);
  const schema = contentSchemas(document, resolve(document, item["post"])["requestBody"])["application/json"];
  if (schema === undefined) throw new Error(`GitHub does not describe what ${name} carries.`);
  return schema;
}

function referencesIn(value: Json): string[] {
  const found = JSON.stringify(value).matchAll(/"github#\/components\/schemas\/([^"]+)"/g);
  return [...found].map((match) => match[1] ?? "");
}

/** Every schema that the operations reach, however deep. */
function reachable(document: JsonObject, from: Json): JsonObject {
  const all = resolve(document, resolve(document, document["components"])["schemas"]);
  const schemas: JsonObject = {};
  const waiting = [...referencesIn(from), "basic-error", "validation-error"];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name in schemas) continue;
    const schema = schemaOf(all[name] ?? {});
    schemas[name] = schema;
    waiting.push(...referencesIn(schema));
  }
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function correct(schemas: JsonObject): void {
  for (const { schema, path } of CORRECTIONS) {
    let parent: Json | undefined = schemas[schema];
    for (const part of path.slice(0, -1)) parent = isObject(parent) ? parent[part] : undefined;
    const last = path.at(-1) ?? "";
    if (isObject(parent) && parent[last] !== undefined) parent[last] = orNull(parent[last]);
  }
}

function main(source: string | undefined): void {
  if (source === undefined) throw new Error("Name the JSON file: its first lines say where it comes from.");
  const document = JSON.parse(readFileSync(source, "utf8")) as JsonObject;
  const trimmed = Object.fromEntries(operations.map((name) => [name, operationOf(document, name)]));
  const events = Object.fromEntries(webhooks.map((name) => [name, webhookOf(document, name)]));
  const schemas = reachable(document, { ...trimmed, ...events });
  correct(schemas);
  const info = resolve(document, document["info"]) as { version?: string };
  const output = {
    $id: "github",
    source: `@octokit/openapi ${info.version ?? ""}`,
    operations: trimmed,
    webhooks: events,
    components: { schemas },
  };
  const text = `${JSON.stringify(output)}\n`;
  writeFileSync(OUTPUT, text);
  process.stdout.write(
    `${String(operations.length)} operations, ${String(webhooks.length)} events, ${String(Object.keys(schemas).length)} schemas, ${String(text.length)} bytes\n`,
  );
}

main(process.argv[2]);
