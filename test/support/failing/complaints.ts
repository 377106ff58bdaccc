// The receipt with faults that no test shows: of types, of lint, of form.
import { dialects, manifest } from "./dialects.ts";
import type { Files } from "./dialects.ts";
import type { FailingRepository } from "../failing-repositories.ts";

const { source, testPath, right, testOf } = dialects.node;

/** Tests of node:test beside it, which need nothing installed. */
const receipt = (scripts: Readonly<Record<string, string>>, tools: readonly string[]): Files => ({
  ...manifest({ test: "node --test", ...scripts }, tools),
  [source]: right,
  [testPath]: testOf("850"),
});

const label = (body: string): string => `export function label(line: Line): string {\n  return ${body};\n}\n`;
const lines = "export interface Line {\n  readonly cents: number;\n  readonly count: number;\n}\n\n";

export function typeError(): FailingRepository {
  return {
    base: {
      ...receipt({ typecheck: "tsc --noEmit" }, ["typescript"]),
      "tsconfig.json":
        '{ "compilerOptions": { "strict": true, "noEmit": true, "skipLibCheck": true, "types": [] }, "include": ["src/*.ts"] }\n',
    },
    head: { "src/label.ts": `${lines}${label("line.count")}` },
    answer: label("String(line.count)"),
    fixes: "src/label.ts",
    fixed: `${lines}${label("String(line.count)")}`,
    test: "src/label.ts",
  };
}

const tax = (keyword: string): string =>
  `export function tax(cents) {\n  ${keyword} rate = 0.2;\n  return Math.round(cents * rate);\n}\n`;

/** What the linter can put right itself. */
export function lintError(): FailingRepository {
  return {
    base: {
      ...receipt({ lint: "eslint src" }, ["eslint"]),
      "eslint.config.js": 'export default [{ rules: { "prefer-const": "error" } }];\n',
    },
    head: { "src/tax.js": tax("let") },
    answer: null,
    fixes: "src/tax.js",
    fixed: tax("const"),
    test: "src/tax.js",
  };
}

/** Nothing that the linter, which is there as well, would complain of. */
export function formatError(): FailingRepository {
  return {
    base: {
      ...receipt({ lint: "eslint src", "format:check": "prettier --check src" }, ["eslint", "prettier"]),
      "eslint.config.js": 'export default [{ rules: { "prefer-const": "error" } }];\n',
    },
    head: { "src/tax.js": tax("const").replaceAll("  ", "   ").replaceAll(";", " ;") },
    answer: null,
    fixes: "src/tax.js",
    fixed: tax("const"),
    test: "src/tax.js",
  };
}
