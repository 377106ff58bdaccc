// Checks requests and responses against GitHub's own OpenAPI description, cut down to the routes that are used.
import { readFileSync } from "node:fs";
import { Ajv2019, type ErrorObject, type ValidateFunction } from "ajv/dist/2019.js";
import formats from "ajv-formats";

interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly required: boolean;
  readonly schema: object;
}

interface Operation {
  readonly parameters: readonly Parameter[];
  readonly body: { readonly required: boolean; readonly schema: object } | null;
  /** Status → media type → schema. */
  readonly responses: Readonly<Record<string, Readonly<Record<string, object>>>>;
}

interface Description {
  readonly $id: string;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Event and action, "check-run-completed" → schema. */
  readonly webhooks: Readonly<Record<string, object>>;
  readonly components: object;
}

export interface Mistake {
  readonly where: string;
  readonly message: string;
  /** GitHub itself answers 422 to this (a text too long, a list too long): a limit met, no bug in how we ask. */
  readonly limit: boolean;
}

interface RequestParts {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** `undefined` when nothing was sent. */
  readonly body: unknown;
}

export interface Contract {
  readonly has: (operation: string) => boolean;
  readonly checkRequest: (operation: string, parts: RequestParts) => Mistake[];
  readonly checkResponse: (operation: string, status: number, body: unknown) => Mistake[];
  /** `event` as in GitHub's header: "check_run". */
  readonly checkWebhook: (event: string, payload: { readonly action?: unknown }) => Mistake[];
}

const LIMITS = new Set(["maxLength", "maxItems"]);

function mistakesOf(where: string, errors: readonly ErrorObject[] | null | undefined): Mistake[] {
  return (errors ?? []).map((error) => {
    const detail = Object.values(error.params as Record<string, unknown>).join(", ");
    return {
      where: `${where}${error.instancePath}`,
      message: `${error.message ?? error.keyword}${detail === "" ? "" : ` (${detail})`}`,
      limit: LIMITS.has(error.keyword),
    };
  });
}

function readDescription(): Description {
  return JSON.parse(readFileSync(new URL("../github-openapi.json", import.meta.url), "utf8")) as Description;
}

/** Each schema is compiled when it is first needed: compiling them all takes seconds. */
function compiler(description: Description): (schema: object) => ValidateFunction {
  const ajv = new Ajv2019({ strict: false, allErrors: true, coerceTypes: false, validateSchema: false });
  formats.default(ajv);
  ajv.addFormat("repo.nwo", true);
  // The address of a bot, "1+errand[bot]@users.noreply.github.com", is no address to the letter, and GitHub sends it.
  ajv.addFormat("email", true);
  ajv.addSchema({ $id: description.$id, components: description.components });
  const compiled = new WeakMap<object, ValidateFunction>();
  return (schema) => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const fresh = ajv.compile(schema);
    compiled.set(schema, fresh);
    return fresh;
  };
}

/** A query string or a path carries text only: what reads as its type counts as it. */
function coerced(value: string, schema: object): unknown {
  const type = (schema as { type?: string }).type;
  if ((type === "integer" || type === "number") && /^-?\d+$/.test(value)) return Number(value);
  if (type === "boolean" && (value === "true" || value === "false")) return value === "true";
  return value;
}

let shared: Contract | undefined;

/** The contract, read and compiled once per process: every fake checks against the same one. */
export function sharedContract(): Contract {
  shared ??= openContract();
  return shared;
}

function openContract(): Contract {
  const description = readDescription();
  const validatorOf = compiler(description);
  const errorSchemas = ["basic-error", "validation-error"].map((name) => ({
    $ref: `github#/components/schemas/${name}`,
  }));

  const against = (where: string, schema: object, value: unknown): Mistake[] => {
    const validate = validatorOf(schema);
    return validate(value) ? [] : mistakesOf(where, validate.errors);
  };

  const checkParameter = (parameter: Parameter, parts: RequestParts): Mistake[] => {
    const where = `${parameter.in} parameter ${parameter.name}`;
    const value = (parameter.in === "path" ? parts.params : parts.query)[parameter.name];
    if (value === undefined) {
      return parameter.required ? [{ where, message: "is required", limit: false }] : [];
    }
    return against(where, parameter.schema, coerced(value, parameter.schema));
  };

  const checkRequest = (name: string, parts: RequestParts): Mistake[] => {
    const operation = description.operations[name];
    if (operation === undefined) return [];
    const { parameters, body } = operation;
    const known = new Set(
      parameters.filter(({ in: place }) => place === "query").map((parameter) => parameter.name),
    );
    const unknown = Object.keys(parts.query).filter((key) => !known.has(key));
    const nothingSent = parts.body === undefined;
    return [
      ...parameters
        .filter(({ in: place }) => place !== "header")
        .flatMap((parameter) => checkParameter(parameter, parts)),
      ...unknown.map((key) => ({ where: `query parameter ${key}`, message: "is unknown", limit: false })),
      ...(body === null && !nothingSent
        ? [{ where: "body", message: "must not be sent", limit: false }]
        : []),
      ...(body?.required === true && nothingSent
        ? [{ where: "body", message: "is required", limit: false }]
        : []),
      ...(body !== null && !nothingSent ? against("body", body.schema, parts.body) : []),
    ];
  };

  const checkResponse = (name: string, status: number, body: unknown): Mistake[] => {
    if (status >= 400) {
      const oneFits = errorSchemas.some((schema) => against("response", schema, body).length === 0);
      return oneFits
        ? []
        : [{ where: "response", message: "is not an error as GitHub words it", limit: false }];
    }
    const declared = description.operations[name]?.responses[String(status)];
    if (declared === undefined)
      return [{ where: "response", message: `status ${status} is not described`, limit: false }];
    const schema = declared["application/json"];
    if (schema === undefined || Buffer.isBuffer(body)) return [];
    return against("response", schema, body);
  };

  const checkWebhook: Contract["checkWebhook"] = (event, payload) => {
    const { action } = payload;
    const name = [event, ...(typeof action === "string" ? [action] : [])].join("-").replaceAll("_", "-");
    const schema = description.webhooks[name];
    if (schema === undefined) return [{ where: name, message: "is no event that is known", limit: false }];
    return against(name, schema, payload);
  };

  return { checkWebhook, has: (name) => name in description.operations, checkRequest, checkResponse };
}
