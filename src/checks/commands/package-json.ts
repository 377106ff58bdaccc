// What a package.json says, as far as it decides which commands there are.

export interface Manifest {
  readonly name: string;
  readonly scripts: ReadonlyMap<string, string>;
  /** Names and ranges of all kinds of dependencies. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** The package manager that it asks for, without its version; "" where it asks for none. */
  readonly packageManager: string;
  readonly hasWorkspaces: boolean;
}

/** `null` where the text is no JSON object. Total. */
export function readManifest(text: string | null): Manifest | null {
  const value = parse(text);
  if (!isRecord(value)) return null;
  const kinds = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];
  const packageManager = value["packageManager"];
  return {
    name: typeof value["name"] === "string" ? value["name"] : "",
    scripts: texts(value["scripts"]),
    dependencies: new Map(kinds.flatMap((kind) => [...texts(value[kind])])),
    packageManager:
      typeof packageManager === "string" ? packageManager.slice(0, packageManager.indexOf("@")) : "",
    hasWorkspaces: value["workspaces"] !== undefined,
  };
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse((text ?? "").replace(/^\uFEFF/, ""));
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function texts(value: unknown): ReadonlyMap<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return new Map(
    entries.flatMap(([name, text]) => (typeof text === "string" && text.trim() !== "" ? [[name, text]] : [])),
  );
}
