// What a test may not hold, seen without running it: the rest is for the runs to show.
import { grammarOf } from "../../syntax/index.ts";
import { loadGrammar } from "../../syntax/tree-sitter.ts";
import { familyOf, parseTime, walk } from "./walk.ts";
import type { Family } from "./walk.ts";

/** UTF-16 units of one test. */
const longestTest = 6_000;

interface Rule {
  readonly why: string;
  readonly pattern: RegExp;
  /** Where this is in the test too, the rule does not hold. */
  readonly unless?: RegExp;
}

const rule = (why: string, pattern: RegExp, unless?: RegExp): Rule => ({
  why,
  pattern,
  ...(unless === undefined ? {} : { unless }),
});

const rules: Readonly<Record<Family, readonly Rule[]>> = {
  script: [
    rule(
      "it skips, marks or singles out tests",
      /\.(?:skip|skipIf|runIf|only|todo|fails|failing|concurrent)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\b|\b(?:skip|only|todo)\s*:/,
    ),
    rule("tests by table (.each) cannot be told apart", /\.each\b/),
    rule("it compares with a snapshot", /[sS]napshot/),
    rule(
      "it uses the network",
      /\b(?:fetch|XMLHttpRequest|WebSocket|EventSource|axios|supertest|nock)\b|\b(?:http|https|net|tls|dgram|dns|http2)\s*\./,
    ),
    rule(
      "it hangs on the time of day",
      /\bDate\.now\b|\bnew\s+Date\s*\(\s*\)|\bDate\s*\(\s*\)|\bperformance\.|\bhrtime\b|\bset(?:Timeout|Interval|Immediate)\b/,
    ),
    rule("it hangs on chance", /\bMath\.random\b|\brandom\w*\s*\(|\bcrypto\.|\buuid\w*\s*\(/i),
    rule(
      "it uses files outside of a temporary folder",
      /\b(?:fs|fsp|fsPromises)\s*\.|\b(?:readFile|writeFile|appendFile|unlink|rm|rmdir|mkdir|readdir)(?:Sync)?\s*\(/,
      /\b(?:tmpdir|mkdtemp(?:Sync)?)\b/,
    ),
    rule(
      "it starts programs or changes the process",
      /\bchild_process\b|\b(?:spawn|exec|execFile|fork)(?:Sync)?\s*\(|\bprocess\s*\.|\bglobalThis\b|\beval\s*\(|\bnew\s+Function\b/,
    ),
    rule(
      "it loads modules inside of a test",
      /\brequire\s*\(|\bimport\s*\(|\b(?:jest|vi)\.(?:do|un)?[mM]ock\s*\(/,
    ),
  ],
  python: [
    rule("it skips tests", /\b(?:skip\w*|xfail|importorskip)\b/),
    rule("it compares with a snapshot", /\bsnapshot\b/i),
    rule("it uses the network", /\b(?:requests|urllib|httpx|aiohttp|socket|http)\s*\./),
    rule("it hangs on the time of day", /\btime\.|\b(?:now|today|utcnow)\s*\(|\bsleep\s*\(/),
    rule("it hangs on chance", /\brandom\b|\buuid\d?\b|\bsecrets\b|\burandom\b/),
    rule(
      "it uses files outside of a temporary folder",
      /\bopen\s*\(|\bshutil\.|\bos\.(?!path\b)|\bPath\s*\(/,
      /\b(?:tmp_path|tmpdir|tempfile)\b/,
    ),
    rule(
      "it starts programs or code that is not there",
      /\bsubprocess\b|\beval\s*\(|\bexec\s*\(|\bsys\.|__import__/,
    ),
    rule("it loads modules inside of a test", /^[ \t]+(?:import|from)\s/m),
  ],
  go: [
    rule("it skips tests", /\bt\.Skip\w*/),
    rule("it uses the network", /\b(?:http|net|httptest)\./),
    rule("it hangs on the time of day", /\btime\.(?:Now|Since|Sleep|After|Tick)/),
    rule("it hangs on chance", /\brand\./),
    rule("it uses files outside of a temporary folder", /\b(?:os|ioutil)\./, /\bTempDir\b/),
    rule("it starts programs", /\b(?:exec|syscall|unsafe)\./),
  ],
};

const assertions: Readonly<Record<Family, RegExp>> = {
  script:
    /\bexpect\s*\([^;]{0,2000}?\)\s*\.|\bassert\w*\s*[.(]|\b(?:t|is|tap|assert|chai)\.(?:is|not|equal|equals|deepEqual|deepEquals|same|strictEqual|notEqual|throws|rejects|ok|notOk|true|false|truthy|falsy|like|regex|match|fail|pass)\w*\s*\(|\.should\b|\bshould\s*\(/,
  python: /\bassert\b|\bself\.(?:assert|fail)\w*|\b(?:raises|warns|approx)\s*\(/,
  go: /\bt\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow)\s*\(|\b(?:assert|require)\.\w+\s*\(/,
};

/** Assertions of what is known without running anything. */
const vacuous: Readonly<Record<Family, RegExp>> = {
  script:
    /\bexpect\s*\(\s*(?:true|false|null|undefined|!?[\d.]+|!?[01])\s*\)|\bassert(?:\.ok|\.true|\.isTrue)?\s*\(\s*(?:true|!0|1)\s*[,)]|\bt\.(?:true|ok|pass|truthy)\s*\(\s*(?:true|1)?\s*\)|\b(?:strictEqual|equal|is|deepEqual)\s*\(\s*(true|false|\d{1,15})\s*,\s*\1\s*[,)]/,
  python: /\bassert\s+(?:True|1|not\s+False|(\d{1,15})\s*==\s*\1)\s*(?:$|[#,])|\bassertTrue\s*\(\s*True/m,
  go: /\bassert\.True\s*\(\s*t\s*,\s*true\b|\bassert\.Equal\s*\(\s*t\s*,\s*(\d{1,15}|true|false)\s*,\s*\1\s*\)/,
};

/** Why a test may not stay, in the words of a report ("it uses the network"); `null` where nothing speaks against it. */
export async function whyRefused(path: string, text: string): Promise<string | null> {
  if (text.length > longestTest) return "it is longer than a test may be";
  const grammar = grammarOf(path);
  const family = familyOf(grammar);
  if (grammar === null || family === null) return "its language is not known";
  const bare = await withoutWords(grammar, text);
  if (bare === null) return "it does not parse";
  const broken = rules[family].find(
    ({ pattern, unless }) => pattern.test(bare) && unless?.test(bare) !== true,
  );
  if (broken !== undefined) return broken.why;
  if (!assertions[family].test(bare)) return "it asserts nothing";
  return vacuous[family].test(bare) ? "it asserts what is always so" : null;
}

const words =
  /^(?:comment|string_fragment|string_content|interpreted_string_literal_content|raw_string_literal|regex|jsx_text)$/;

/** The text without comments and what stands in strings: words there do nothing. */
async function withoutWords(name: Parameters<typeof loadGrammar>[0], text: string): Promise<string | null> {
  const grammar = await loadGrammar(name);
  return grammar.readTrees([text], parseTime, ([root]) => {
    if (root === undefined || root.broken) return null;
    let bare = "";
    let at = 0;
    walk(root, (node) => {
      if (!words.test(node.type)) return true;
      bare += text.slice(at, node.start);
      at = Math.max(at, node.end);
      return false;
    });
    return bare + text.slice(at);
  });
}
