// A value that a JSON Schema allows, as far as the app's own schemas go: objects, enums, and plain types.
import { z } from "zod";

const Property = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).min(1).optional(),
  const: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
});

/** `pick` chooses among the values of an enum; every other text is "". `null` for a schema that is none. */
export function fillSchema(schema: unknown, pick: (values: readonly unknown[]) => unknown): unknown {
  const { data } = Property.safeParse(schema);
  if (!data) return null;
  if (data.enum) return pick(data.enum);
  if (data.const !== undefined) return data.const;
  if (data.properties) {
    const filled = Object.entries(data.properties).map(([name, one]) => [name, fillSchema(one, pick)]);
    return Object.fromEntries(filled) as unknown;
  }
  return plain.get(data.type ?? "") ?? null;
}

const plain: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ["string", ""],
  ["number", 0],
  ["integer", 0],
  ["boolean", false],
  ["array", []],
  ["object", {}],
]);
