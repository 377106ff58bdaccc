// The demo's second repository: a till, in which both sides rewrote one line and each brought a test of what it wants.
import type { Files } from "./scenario.ts";

const till = (sum: string): string =>
  `// What an item costs, in cents.\nexport const total = (item) => ${sum};\n`;

const testOf = (title: string, item: Readonly<Record<string, number>>, cents: number): string =>
  [
    'import assert from "node:assert/strict";',
    'import { test } from "node:test";',
    'import { total } from "../src/total.js";',
    "",
    `test(${JSON.stringify(title)}, () => {`,
    `  assert.equal(total(${JSON.stringify(item)}), ${cents});`,
    "});",
    "",
  ].join("\n");

const manifest = {
  name: "till",
  version: "1.0.0",
  private: true,
  type: "module",
  scripts: { test: "node --test" },
};

export const taxedBefore: Files = {
  "package.json": `${JSON.stringify(manifest, null, 2)}\n`,
  "src/total.js": till("item.price"),
};

export const taxedOnBase: Files = {
  "src/total.js": till("item.price + item.tax"),
  "test/tax.test.js": testOf("the tax is added", { price: 300, quantity: 1, tax: 57 }, 357),
};

export const taxedOnBranch: Files = {
  "src/total.js": till("item.price * item.quantity"),
  "test/quantity.test.js": testOf("every piece is paid for", { price: 300, quantity: 2, tax: 0 }, 600),
};
