// Nothing secret reaches the ledger's contents, whatever it was put into.
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { redact } from "../../src/model/redact.ts";

/** Put together here, so that no scanner takes this file for a leak. */
const of = (...parts: readonly string[]): string => parts.join("");
const filler = "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8S9t0";

const forms: readonly (readonly [kind: string, secret: string])[] = [
  ["GitHub token", of("ghp", "_", filler.slice(0, 36))],
  ["GitHub token", of("gho", "_", filler.slice(0, 36))],
  ["GitHub token", of("ghs", "_", filler.slice(0, 36))],
  ["GitHub token", of("github", "_pat_", filler)],
  ["GitLab token", of("glpat", "-", filler.slice(0, 20))],
  ["AWS key", of("AKIA", "ABCDEFGHIJ234567")],
  ["Slack token", of("xoxb", "-123456789012-", filler)],
  ["Stripe key", of("sk", "_live_", filler)],
  ["Google key", of("AIza", filler.slice(0, 35))],
  ["OpenAI key", of("sk", "-proj-", filler)],
  ["OpenAI key", of("sk", "-", filler)],
  ["Anthropic key", of("sk", "-ant-api03-", filler)],
  ["npm token", of("npm", "_", filler.slice(0, 36))],
  ["Hugging Face token", of("hf", "_", filler.slice(0, 34))],
  ["JWT", of("eyJ", "hbGciOiJIUzI1NiJ9", ".eyJ", "zdWIiOiIxMjM0NTY3ODkwIn0", ".", filler)],
  ["e-mail address", "jane.doe+work@mail.example.org"],
];

describe("redact", () => {
  it.each(forms)("takes out a %s by its form", (kind, secret) => {
    expect(redact(`const a = [${secret}, 1];`)).toBe(`const a = [[redacted: ${kind}], 1];`);
    expect(redact(`a\n${secret}\nb`)).toBe(`a\n[redacted: ${kind}]\nb`);
  });

  it.each([
    ["postgres://app:p@ss:w0rd@db/main", "postgres://[redacted: URL credentials]@db/main"],
    [`https://${filler}@git.example/x`, "https://[redacted: URL credentials]@git.example/x"],
    ["Authorization: Basic dXNlcjpwYXNz", "Authorization: Basic [redacted: authorization]"],
    [`{"authorization": "Bearer ${filler}"}`, '{"authorization": "Bearer [redacted: authorization]"}'],
    [`-H 'authorization: ${filler}'`, "-H 'authorization: [redacted: authorization]'"],
    [`password = "correct-horse-battery"`, 'password = "[redacted: secret]"'],
    [`"client_secret": "${filler}",`, '"client_secret": "[redacted: secret]",'],
    [`{\\"api_key\\":\\"${filler}\\"}`, '{\\"api_key\\":\\"[redacted: secret]\\"}'],
    [`DEPLOY_TOKEN=${filler}\nA=1`, "DEPLOY_TOKEN=[redacted: secret]\nA=1"],
    [`aws_secret_access_key = ${filler}`, "aws_secret_access_key = [redacted: AWS key]"],
  ])("takes the value out of %s", (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it("takes out private keys: whole, cut off, and as one line of JSON", () => {
    const body = `${filler}\n${filler}\n`;
    const begin = of("-----BEGIN RSA ", "PRIVATE KEY-----");
    const end = of("-----END RSA ", "PRIVATE KEY-----");
    expect(redact(`a\n${begin}\n${body}${end}\nb`)).toBe("a\n[redacted: private key]\nb");
    expect(redact(`a\n${begin}\n${body}`)).toBe("a\n[redacted: private key]");
    expect(redact(JSON.stringify({ key: `${begin}\n${body}${end}` }))).toBe(
      '{"key":"[redacted: private key]"}',
    );
    expect(redact(`if (text.includes("${begin}")) use(text);`)).toBe(
      'if (text.includes("[redacted: private key]")) use(text);',
    );
  });

  it("leaves ordinary code and prose as they are", () => {
    const text = [
      "import { parse } from './token-parser';",
      "const token = tokens[index + 1]; // the next token: an identifier",
      "password: string;",
      'const label = "Forgot your password?";',
      "npm install probot@14.3.2 @octokit/rest@22.0.1",
      "authorization = await authorise(pull, command);",
      "see https://example.com:8080/a/b@c and 192.168.0.1",
      '.risk-management-of-things { content: "task-list"; }',
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "x @= y; a@b; decorators: @injectable()",
    ].join("\n");
    expect(redact(text, [])).toBe(text);
  });

  it("takes out given secrets line by line, and leaves values too short to be one", () => {
    expect(redact("x second-line-of-it y", ["first-line-of-it\nsecond-line-of-it"])).toBe(
      "x [redacted: known secret] y",
    );
    expect(redact("the cat sat", ["cat"])).toBe("the cat sat");
    expect(redact("it's 'quoted'!", ["'quoted'"])).toBe("it's [redacted: known secret]!");
  });

  it("changes nothing a second time", () => {
    const all = forms.map(([, secret]) => secret).join(" ");
    expect(redact(redact(all))).toBe(redact(all));
  });
});

type Disguise = (secret: string, before: string, after: string) => string;

const percent = (text: string): string =>
  Array.from(Buffer.from(text), (byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const bytes = (...parts: readonly string[]): Buffer => Buffer.from(parts.join(""));
const wrapped = (text: string, width: number, join: string): string =>
  (text.match(new RegExp(`.{1,${width}}`, "gsu")) ?? []).join(join);

const disguises: Readonly<Record<string, Disguise>> = {
  raw: (secret, before, after) => before + secret + after,
  split: (secret, before, after) =>
    wrapped(secret, before.length + 1, `" +\n  "${after.length > 6 ? "" : "' + '"}`),
  url: (secret) => encodeURIComponent(secret),
  "url, every byte": (secret, before) =>
    before.length % 2 ? percent(secret) : percent(secret).toUpperCase(),
  hex: (secret, before, after) => bytes(before, secret, after).toString("hex"),
  "hex in capitals and pairs": (secret) => wrapped(bytes(secret).toString("hex").toUpperCase(), 2, ":"),
  base64: (secret, before, after) => bytes(before, secret, after).toString("base64"),
  base64url: (secret, before, after) => bytes(before, secret, after).toString("base64url"),
  "base64 in lines": (secret, before, after) =>
    wrapped(bytes(before, secret, after).toString("base64"), 16, "\n    "),
  "base64 in a JSON string": (secret, before, after) =>
    wrapped(bytes(before, secret, after).toString("base64"), 16, "\\n"),
};

/** Every way to read the secret back out of a text, by decoding rather than by the redactor's own views. */
function leaks(text: string, secret: string): boolean {
  const tight = text.replaceAll(/\\n|[\s:]/g, "");
  const unquoted = text.replaceAll(/[\s"'+]/g, "");
  const decoded = [...tight.matchAll(/[\da-f]{2,}/gi)].flatMap(([run]) => [
    Buffer.from(run, "hex").toString("latin1"),
    Buffer.from(run.slice(1), "hex").toString("latin1"),
  ]);
  const base64 = [...tight.matchAll(/[\w+/-]{4,}/g)].flatMap(([run]) =>
    [0, 1, 2, 3].map((skip) => Buffer.from(run.slice(skip), "base64").toString("latin1")),
  );
  const url = text.replaceAll(/%([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  const wanted = Buffer.from(secret).toString("latin1");
  return (
    [text, unquoted].some((one) => one.includes(secret)) ||
    [url, ...decoded, ...base64].some((one) => one.includes(wanted))
  );
}

const secretText = fc
  .array(fc.constantFrom(...Array.from("abcXYZ0189-_.~!$&*()=,;@/%#é✓")), { minLength: 12, maxLength: 60 })
  .map((characters) => characters.join(""));
const around = fc
  .array(fc.constantFrom(...Array.from("abcdef0123456789ghiJKL.,: \n-")), { maxLength: 12 })
  .map((characters) => characters.join(""));

describe("a canary among the given secrets", () => {
  it("leaks in none of 1,000 random disguises", () => {
    let disguised = 0;
    fc.assert(
      fc.property(
        secretText,
        fc.constantFrom(...Object.keys(disguises)),
        fc.tuple(around, around, around, around),
        (secret, name, [before, after, left, right]) => {
          const shown = disguises[name]?.(secret, before, after) ?? "";
          const text = `${left}\n${shown}\n${right}`;
          if (leaks(text, secret)) disguised++;
          expect(leaks(redact(text, ["other-secret-value", secret]), secret)).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
    // The judge sees through the disguises: without redaction nearly all of them are leaks.
    expect(disguised).toBeGreaterThan(900);
  });

  it("takes nothing but the secret out of plain text", () => {
    fc.assert(
      fc.property(around, around, (left, right) => {
        const secret = "UNIQUE/canary+value=42";
        expect(redact(`${left}|${secret}|${right}`, [secret])).toBe(
          `${left}|[redacted: known secret]|${right}`,
        );
      }),
    );
  });
});

describe("hostile texts of a megabyte", () => {
  const size = 1_000_000;
  const endless = (piece: string): string => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
  it.each([
    "a",
    "@",
    "a@",
    "a@a.",
    "a.",
    ":",
    "://a:",
    "://",
    "%",
    "%4",
    "eyJaaaaaaaaa.",
    "-eyJ",
    "-sk-",
    "token=",
    'token="',
    "authorization:",
    "bearer ",
    "aws_secret_key=",
    "AKIA",
    "xoxb-",
    of("-----BEGIN ", "PRIVATE KEY-----"),
    `${of("-----BEGIN ", "PRIVATE KEY-----")}a-----END `,
    "\\n",
    " ",
  ])("comes to an end on %j", (piece) => {
    expect(typeof redact(endless(piece))).toBe("string");
  });

  it.each(["secret-secret-", "%4", "%73", "a+"])("comes to an end on %j with secrets given", (piece) => {
    expect(typeof redact(endless(piece), ["secret-secret-!"])).toBe("string");
  });
});
