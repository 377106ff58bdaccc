// Whole merges written for the tests: three versions of a project's files, and the exact merge that people would make.

export interface MergeCase {
  readonly name: string;
  readonly before: Readonly<Record<string, string | null>>;
  readonly ours: Readonly<Record<string, string | null>>;
  readonly theirs: Readonly<Record<string, string | null>>;
  /** Every file in conflict, and what else changed, as it must be afterwards. */
  readonly merged: Readonly<Record<string, string | null>>;
}

const lines = (...all: string[]): string => `${all.join("\n")}\n`;
const crlf = (...all: string[]): string => `${all.join("\r\n")}\r\n`;
const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;

const manifest = (version: string, dependencies: object): string =>
  json({ name: "shop", version, private: true, dependencies });

const registry = "https://registry.example.com";
const locked = (name: string, version: string): [string, object] => [
  `node_modules/${name}`,
  {
    version,
    resolved: `${registry}/${name}/-/${name}-${version}.tgz`,
    integrity: `sha512-${Buffer.from(`${name}@${version}`.padEnd(64, "=")).toString("base64")}`,
  },
];
const lockfile = (
  version: string,
  dependencies: Record<string, string>,
  installed: [string, object][],
): string =>
  json({
    name: "shop",
    version,
    lockfileVersion: 3,
    requires: true,
    packages: { "": { name: "shop", version, dependencies }, ...Object.fromEntries(installed) },
  });

const es = (...imports: string[]): string =>
  lines(
    ...imports,
    "",
    "export function total(prices) {",
    "  return prices.reduce((sum, price) => sum + price, 0);",
    "}",
  );
const java = (...imports: string[]): string =>
  lines("package shop;", "", ...imports, "", "final class Cart {", "  private int size;", "}");
const go = (...imports: string[]): string =>
  lines(
    "package shop",
    "",
    "import (",
    ...imports.map((name) => `\t"${name}"`),
    ")",
    "",
    "func Total() int {",
    "\treturn 1",
    "}",
  );
const python = (...imports: string[]): string =>
  lines(...imports, "", "", "def total(prices):", "    return sum(prices)");
const rust = (...uses: string[]): string => lines(...uses, "", "pub fn total() -> u32 {", "    1", "}");

export const mergeCases: readonly MergeCase[] = [
  {
    name: "package.json and package-lock.json: each side adds a dependency",
    before: {
      "package.json": manifest("1.0.0", { express: "^4.0.0" }),
      "package-lock.json": lockfile("1.0.0", { express: "^4.0.0" }, [locked("express", "4.0.0")]),
    },
    ours: {
      "package.json": manifest("1.0.0", { express: "^4.0.0", ky: "^1.2.0" }),
      "package-lock.json": lockfile("1.0.0", { express: "^4.0.0", ky: "^1.2.0" }, [
        locked("express", "4.0.0"),
        locked("ky", "1.2.0"),
      ]),
    },
    theirs: {
      "package.json": manifest("1.0.0", { express: "^4.0.0", zod: "^3.0.0" }),
      "package-lock.json": lockfile("1.0.0", { express: "^4.0.0", zod: "^3.0.0" }, [
        locked("express", "4.0.0"),
        locked("zod", "3.0.0"),
      ]),
    },
    merged: {
      "package.json": manifest("1.0.0", { express: "^4.0.0", ky: "^1.2.0", zod: "^3.0.0" }),
      "package-lock.json": lockfile("1.0.0", { express: "^4.0.0", ky: "^1.2.0", zod: "^3.0.0" }, [
        locked("express", "4.0.0"),
        locked("ky", "1.2.0"),
        locked("zod", "3.0.0"),
      ]),
    },
  },
  {
    name: "package.json: both bump one dependency, the higher version wins",
    before: { "package.json": manifest("1.0.0", { express: "^4.0.0" }) },
    ours: { "package.json": manifest("1.0.0", { express: "^4.18.0" }) },
    theirs: { "package.json": manifest("1.0.0", { express: "^4.9.0" }) },
    merged: { "package.json": manifest("1.0.0", { express: "^4.18.0" }) },
  },
  {
    name: "CHANGELOG: both add a line under one heading",
    before: {
      "CHANGELOG.md": lines("# Changelog", "", "## Unreleased", "", "- First", "", "## 1.0.0", "", "- Start"),
    },
    ours: {
      "CHANGELOG.md": lines(
        "# Changelog",
        "",
        "## Unreleased",
        "",
        "- First",
        "- Carts can be emptied",
        "",
        "## 1.0.0",
        "",
        "- Start",
      ),
    },
    theirs: {
      "CHANGELOG.md": lines(
        "# Changelog",
        "",
        "## Unreleased",
        "",
        "- First",
        "- Prices are rounded",
        "",
        "## 1.0.0",
        "",
        "- Start",
      ),
    },
    merged: {
      "CHANGELOG.md": lines(
        "# Changelog",
        "",
        "## Unreleased",
        "",
        "- First",
        "- Carts can be emptied",
        "- Prices are rounded",
        "",
        "## 1.0.0",
        "",
        "- Start",
      ),
    },
  },
  {
    name: "ES modules: each side adds an import",
    before: { "cart.js": es('import { a } from "./a.js";') },
    ours: { "cart.js": es('import { a } from "./a.js";', 'import { b } from "./b.js";') },
    theirs: { "cart.js": es('import { a } from "./a.js";', 'import { c } from "./c.js";') },
    merged: {
      "cart.js": es(
        'import { a } from "./a.js";',
        'import { b } from "./b.js";',
        'import { c } from "./c.js";',
      ),
    },
  },
  {
    name: "ES modules: each side adds a name to one import",
    before: { "cart.ts": es('import { a } from "./a.js";') },
    ours: { "cart.ts": es('import { a, b } from "./a.js";') },
    theirs: { "cart.ts": es('import { a, c } from "./a.js";') },
    merged: { "cart.ts": es('import { a, b, c } from "./a.js";') },
  },
  {
    name: "CommonJS: each side requires one more module",
    before: { "cart.cjs": es('const fs = require("node:fs");') },
    ours: { "cart.cjs": es('const fs = require("node:fs");', 'const os = require("node:os");') },
    theirs: { "cart.cjs": es('const fs = require("node:fs");', 'const path = require("node:path");') },
    merged: {
      "cart.cjs": es(
        'const fs = require("node:fs");',
        'const os = require("node:os");',
        'const path = require("node:path");',
      ),
    },
  },
  {
    name: "Python: each side adds an import",
    before: { "cart.py": python("import json") },
    ours: { "cart.py": python("import json", "import os") },
    theirs: { "cart.py": python("import json", "import sys") },
    merged: { "cart.py": python("import json", "import os", "import sys") },
  },
  {
    name: "Java: each side adds an import",
    before: { "Cart.java": java("import java.util.List;") },
    ours: { "Cart.java": java("import java.util.List;", "import java.util.Map;") },
    theirs: { "Cart.java": java("import java.util.List;", "import java.util.Set;") },
    merged: { "Cart.java": java("import java.util.List;", "import java.util.Map;", "import java.util.Set;") },
  },
  {
    name: "Go: each side adds an import",
    before: { "cart.go": go("fmt") },
    ours: { "cart.go": go("fmt", "os") },
    theirs: { "cart.go": go("fmt", "strings") },
    merged: { "cart.go": go("fmt", "os", "strings") },
  },
  {
    name: "Rust: each side adds a use",
    before: { "cart.rs": rust("use std::fmt;") },
    ours: { "cart.rs": rust("use std::fmt;", "use std::io;") },
    theirs: { "cart.rs": rust("use std::fmt;", "use std::rc::Rc;") },
    merged: { "cart.rs": rust("use std::fmt;", "use std::io;", "use std::rc::Rc;") },
  },
  {
    name: ".gitignore with CRLF: each side adds an entry",
    before: { ".gitignore": crlf("node_modules", "dist", "*.log") },
    ours: { ".gitignore": crlf("node_modules", "dist", "*.log", ".env") },
    theirs: { ".gitignore": crlf("node_modules", "dist", "*.log", "coverage") },
    merged: { ".gitignore": crlf("node_modules", "dist", "*.log", ".env", "coverage") },
  },
  {
    name: "YAML: each side adds an item to a list",
    before: { "ci.yaml": lines("branches:", "  - main", "  - next", "jobs: 2") },
    ours: { "ci.yaml": lines("branches:", "  - main", "  - next", "  - beta", "jobs: 2") },
    theirs: { "ci.yaml": lines("branches:", "  - main", "  - next", "  - stable", "jobs: 2") },
    merged: { "ci.yaml": lines("branches:", "  - main", "  - next", "  - beta", "  - stable", "jobs: 2") },
  },
  {
    name: "TOML: both bump one dependency, the higher version wins",
    before: { "Cargo.toml": lines("[dependencies]", 'serde = "1.0.100"') },
    ours: { "Cargo.toml": lines("[dependencies]", 'serde = "1.0.120"') },
    theirs: { "Cargo.toml": lines("[dependencies]", 'serde = "1.0.150"') },
    merged: { "Cargo.toml": lines("[dependencies]", 'serde = "1.0.150"') },
  },
  {
    name: "JSON beside clean neighbours: what git merges alone is in the commit too",
    before: {
      "settings.json": json({ a: 1, z: 26 }),
      "both.txt": lines("1", "2", "3", "4", "5", "6", "7"),
      "gone.txt": "gone\n",
      "old-name.txt": lines("a", "b", "c", "d", "e"),
    },
    ours: {
      "settings.json": json({ a: 1, m: 13, z: 26 }),
      "both.txt": lines("one", "2", "3", "4", "5", "6", "7"),
      "old-name.txt": null,
      "new-name.txt": lines("a", "b", "c", "d", "e"),
    },
    theirs: {
      "settings.json": json({ a: 1, n: 14, z: 26 }),
      "both.txt": lines("1", "2", "3", "4", "5", "6", "seven"),
      "gone.txt": null,
      "old-name.txt": lines("a", "b", "c", "d", "E"),
    },
    merged: {
      "settings.json": json({ a: 1, m: 13, n: 14, z: 26 }),
      "both.txt": lines("one", "2", "3", "4", "5", "6", "seven"),
      "gone.txt": null,
      "old-name.txt": null,
      "new-name.txt": lines("a", "b", "c", "d", "E"),
    },
  },
];
