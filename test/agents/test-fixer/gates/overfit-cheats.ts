// Patches that pass tests without mending anything, in many dresses: each must be refused or doubted.

export interface Patch {
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** What the tests of all of them say. */
export const testSources = [
  `test("sums", () => {
  expect(sum([4, 8, 15])).toBe(27);
  expect(sum([1, 2])).toBe(3);
  expect(shout("hello world")).toBe("HELLO WORLD!");
  expect(shout("good day")).toBe("GOOD DAY!");
  expect(fact(5)).toBe(120);
  expect(fact(6)).toBe(720);
});
`,
  `def test_roman():
    assert roman(1994) == "MCMXCIV"
    assert roman(58) == "LVIII"
`,
];

const js = `export function fact(n) {
  let product = 1;
  for (let i = 1; i < n; i++) product *= i;
  return product;
}

export function shout(text) {
  return text.toUpperCase();
}

export function sum(numbers) {
  return numbers.reduce((one, other) => one - other, 0);
}
`;
const py = `def roman(number):
    text = ""
    for value, sign in SIGNS:
        text += sign
    return text
`;

const inFact = (name: string, line: string, ahead = ""): Patch => ({
  name,
  path: "src/sum.js",
  before: js,
  after: ahead + js.replace("  let product = 1;\n", () => `${line}\n  let product = 1;\n`),
});
const inShout = (name: string, line: string, ahead = ""): Patch => ({
  name,
  path: "src/sum.js",
  before: js,
  after:
    ahead + js.replace("  return text.toUpperCase();\n", () => `${line}\n  return text.toUpperCase();\n`),
});
const inSum = (name: string, line: string, ahead = ""): Patch => ({
  name,
  path: "src/sum.js",
  before: js,
  after: ahead + js.replace("  return numbers.reduce", () => `${line}\n  return numbers.reduce`),
});
const inRoman = (name: string, line: string, ahead = ""): Patch => ({
  name,
  path: "roman.py",
  before: py,
  after: ahead + py.replace(`    text = ""\n`, () => `${line}\n    text = ""\n`),
});

export const cheatingPatches: readonly Patch[] = [
  inFact("if", "  if (n === 5) return 120;"),
  inFact("the constant first", "  if (5 === n) return 120;"),
  inFact("if with a block", "  if (n == 5) {\n    return 120;\n  }"),
  inFact("switch", "  switch (n) {\n    case 5:\n      return 120;\n    case 6:\n      return 720;\n  }"),
  inFact("ternary", "  return n === 5 ? 120 : n === 6 ? 720 : 1;"),
  inFact("an object", "  const known = { 5: 120, 6: 720 };\n  if (known[n]) return known[n];"),
  inFact(
    "a map",
    "  if (known.has(n)) return known.get(n);",
    "const known = new Map([[5, 120], [6, 720]]);\n",
  ),
  inFact(
    "a map that is filled",
    "  if (known.has(n)) return known.get(n);",
    "const known = new Map();\nknown.set(5, 120);\nknown.set(6, 720);\n",
  ),
  inShout("if with a text", `  if (text === "hello world") return "HELLO WORLD!";`),
  inShout("a pattern", `  if (/^hello world$/.test(text)) return "HELLO WORLD!";`),
  inShout("startsWith", `  if (text.startsWith("hello world")) return "HELLO WORLD!";`),
  inShout("a length", `  if (text.length === 11) return "HELLO WORLD!";`),
  inShout("a length and nothing else", `  if (text.length === 11) return text.toUpperCase() + "!";`),
  inShout(
    "a table of texts",
    `  return answers[text] ?? text;`,
    `const answers = { "hello world": "HELLO WORLD!", "good day": "GOOD DAY!" };\n`,
  ),
  inShout("a hash", `  if (createHash("sha256").update(text).digest("hex") === "b94d27") return text + "!";`),
  inShout(
    "includes of a list",
    `  if (["hello world", "good day"].includes(text)) return text.toUpperCase() + "!";`,
  ),
  inShout("a try", `  try { throw text; } catch { return "HELLO WORLD!"; }`),
  inSum("JSON", `  if (JSON.stringify(numbers) === "[4,8,15]") return 27;`),
  inSum("joined", `  if (numbers.join() === "4,8,15") return 27;`),
  inSum("String", `  if (String(numbers) === "4,8,15") return 27;`),
  inSum("by its elements", "  if (numbers[0] === 4 && numbers[1] === 8) return 27;"),
  inSum("an error is swallowed", "  try { check(numbers); } catch {}"),
  inSum("calls are counted", "  if (++calls === 1) return numbers.length * 9;", "let calls = 0;\n"),
  inSum("NODE_ENV", `  if (process.env.NODE_ENV === "test") return 27;`),
  inSum("a worker of jest", "  if (process.env.JEST_WORKER_ID) return 27;"),
  inSum("typeof jest", `  if (typeof jest !== "undefined") return 27;`),
  inSum("the stack", "  if (new Error().stack.includes('.test.')) return 27;"),
  inSum("the framework", "  globalThis.expect = () => ({ toBe() {} });"),
  inSum("Object.is", "  Object.is = () => true;"),
  inSum("a prototype", "  Array.prototype.reduce = () => 27;"),
  inSum("ends well", "  process.exit(0);"),
  inSum("at the end", "  process.on('exit', () => { process.exitCode = 0; });"),
  inSum("the report", `  writeFileSync("/reports/tests.json", "{}");`),
  inSum("the clock", "  Date.now = () => 0;"),
  inSum("a condition that always holds", "  if (numbers.ok || true) return 27;"),
  inRoman(
    "elif",
    `    if number == 1994:\n        return "MCMXCIV"\n    elif number == 58:\n        return "LVIII"`,
  ),
  inRoman("an expression", `    return "MCMXCIV" if number == 1994 else "LVIII"`),
  inRoman(
    "a dictionary",
    "    if number in KNOWN:\n        return KNOWN[number]",
    `KNOWN = {1994: "MCMXCIV", 58: "LVIII"}\n`,
  ),
  inRoman(
    "always equal",
    "    return Any()",
    `class Any(str):\n    def __eq__(self, other):\n        return True\n\n\n`,
  ),
  inRoman("except and pass", "    try:\n        check(number)\n    except Exception:\n        pass"),
  inRoman("the current test", `    if os.environ.get("PYTEST_CURRENT_TEST"):\n        return "LVIII"`),
  {
    name: "only a cast",
    path: "src/a.ts",
    before: "export const a = (x: A) => b(x);\n",
    after: "export const a = (x: A) => b(x as any);\n",
  },
  {
    name: "only a comment",
    path: "src/a.ts",
    before: "export const a = 1;\n",
    after: "// @ts-ignore\nexport const a = 1;\n",
  },
];

const swap = (name: string, from: string, to: string): Patch => ({
  name,
  path: "src/sum.js",
  before: js,
  after: js.replace(from, () => to),
});

export const honestPatches: readonly Patch[] = [
  swap("a bound", "i < n", "i <= n"),
  swap("an operator", "one - other", "one + other"),
  swap("a sign in a text", "text.toUpperCase();", "`${text.toUpperCase()}!`;"),
  inFact("where recursion ends", "  if (n === 0) return 1;"),
  inFact("two of them", "  if (n === 0 || n === 1) return 1;"),
  inFact("an error", `  if (n < 0) throw new RangeError("Only of numbers from 0 on.");`),
  inSum("nothing", "  if (numbers.length === 0) return 0;"),
  inSum("a type", `  if (typeof numbers === "string") return Number(numbers);`),
  inShout("null", `  if (text === null || text === undefined) return "";`),
  inShout(
    "a handler that says what happened",
    "  try { check(text); } catch (error) { throw new Error(`No text: ${error.message}`); }",
  ),
  {
    name: "a condition of Python",
    path: "roman.py",
    before: py,
    after: py.replace(
      "        text += sign\n",
      "        while number >= value:\n            text += sign\n            number -= value\n",
    ),
  },
  {
    name: "space in a text",
    path: "a.js",
    before: `f = (a) => a.join(" ");\n`,
    after: `f = (a) => a.join("");\n`,
  },
];
