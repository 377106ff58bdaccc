// The demo's repository: a small shop, and what each side did to it. Every file is written here; none is anybody's real code.
import { createHash } from "node:crypto";

export type Files = Readonly<Record<string, string>>;

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** A made-up but well-formed integrity: npm's is the SHA-512 of a package's tarball. */
const integrity = (name: string, version: string): string =>
  `sha512-${createHash("sha512").update(`${name}@${version}`).digest("base64")}`;

const rangesOf = (packages: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(packages).map(([name, version]) => [name, `^${version}`]));

const sorted = (packages: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));

const manifest = { name: "shop", version: "2.3.0", private: true, type: "module" };

function packageJson(packages: Readonly<Record<string, string>>): string {
  return json({
    ...manifest,
    scripts: { start: "node src/server.js", test: "node --test" },
    dependencies: rangesOf(sorted(packages)),
  });
}

function packageLock(packages: Readonly<Record<string, string>>): string {
  const { name, version } = manifest;
  const entries = Object.entries(sorted(packages)).map(([dependency, at]): [string, object] => [
    `node_modules/${dependency}`,
    { version: at, integrity: integrity(dependency, at), license: "MIT", engines: { node: ">=18" } },
  ]);
  return json({
    name,
    version,
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name, version, dependencies: rangesOf(sorted(packages)) },
      ...Object.fromEntries(entries),
    },
  });
}

const changelog = (...entries: readonly string[]): string =>
  [
    "# Changelog",
    "",
    "## Unreleased",
    "",
    ...entries.map((entry) => `- ${entry}`),
    "",
    "## 2.3.0",
    "",
    "- Prices are shown with VAT.",
    "",
  ].join("\n");

const server = (...imports: readonly string[]): string =>
  [
    'import { createServer } from "node:http";',
    ...imports,
    'import { routes } from "./routes.js";',
    "",
    "export const server = createServer((request, response) => {",
    "  const handle = routes.get(new URL(request.url, origin).pathname) ?? notFound;",
    "  handle(request, response);",
    "});",
    "",
  ].join("\n");

const features = (...names: readonly string[]): string =>
  [
    "// What a customer can switch on.",
    "export const features = [",
    ...names.map((name) => `  "${name}",`),
    "];",
    "",
  ].join("\n");

const pricing = (body: readonly string[]): string =>
  ["// What a basket costs, in cents.", "export function total(items) {", ...body, "}", ""].join("\n");

/** The shop's own choice: without this file the bar is 0.90, and most of what is pushed here would be proposed instead. */
const policy = "push:\n  bar: 0.6\n";

const installed = { "@shop/http": "4.2.1", "@shop/log": "2.0.3", "@shop/queue": "1.8.0" };

/** What the repository was when both sides set out. */
export const before: Files = {
  "package.json": packageJson(installed),
  "package-lock.json": packageLock(installed),
  "CHANGELOG.md": changelog("Baskets survive a restart."),
  "src/server.js": server('import { origin } from "@shop/http";'),
  "src/features.js": features("gift-wrap", "wish-list"),
  "src/pricing.js": pricing(["  return items.reduce((sum, item) => sum + item.price, 0);"]),
  "README.md": "# Shop\n\nA small shop.\n",
  ".github/agent.yml": policy,
};

const bumpedOnBase = { ...installed, "@shop/http": "4.3.0" };
const bumpedOnBranch = { ...installed, "@shop/http": "4.2.5", "@shop/log": "2.1.0" };

/** What happened on the base branch meanwhile. */
export const onBase: Files = {
  "package.json": packageJson(bumpedOnBase),
  "package-lock.json": packageLock(bumpedOnBase),
  "CHANGELOG.md": changelog("Pages are cached for a minute.", "Baskets survive a restart."),
  "src/server.js": server('import { cached } from "./cache.js";', 'import { origin } from "@shop/http";'),
  "src/features.js": features("gift-wrap", "wish-list", "page-cache"),
  "src/pricing.js": pricing(["  return items.reduce((sum, item) => sum + item.price * item.quantity, 0);"]),
};

/** What the pull requests did. */
export const onBranch: Files = {
  "package.json": packageJson(bumpedOnBranch),
  "package-lock.json": packageLock(bumpedOnBranch),
  "CHANGELOG.md": changelog("Coupons can be redeemed.", "Baskets survive a restart."),
  "src/server.js": server('import { redeem } from "./coupons.js";', 'import { origin } from "@shop/http";'),
  "src/features.js": features("gift-wrap", "wish-list", "coupons"),
};

/** The second pull request also rewrote a line that the base rewrote: no rule can know the price, but what it may be can be ranked. */
export const onUnclearBranch: Files = {
  ...onBranch,
  "src/pricing.js": pricing(["  return items.reduce((sum, item) => sum + item.price - discount(item), 0);"]),
};
