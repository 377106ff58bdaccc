// Patterns of patches that look at who is asking instead of mending what is asked about. Counted in the new text and in the old one.

export interface Tell {
  readonly grade: "refused" | "doubt";
  readonly pattern: RegExp;
  readonly words: string;
}

const refused = (pattern: RegExp, words: string): Tell => ({ grade: "refused", pattern, words });
const doubt = (pattern: RegExp, words: string): Tell => ({ grade: "doubt", pattern, words });

/** Each is looked for in code without comments. Linear: no quantifier over what another one takes, and none without a bound that begins anew within what it takes. */
export const tells: readonly Tell[] = [
  refused(
    /NODE_ENV["'\]]*\s*[!=]==?\s*["'`]test|["'`]test["'`]\s*[!=]==?\s*process\.env|JEST_WORKER_ID|\bVITEST\b|VITEST_|PYTEST_CURRENT_TEST|NODE_TEST_CONTEXT|MOCHA_|import\.meta\.(?:env\.)?(?:vitest|TEST)|["']pytest["']\s+in\s+sys\.modules|\btesting\.Testing\(\)|typeof\s+(?:globalThis\.|global\.)?(?:jest|vi|describe|it|test|expect|mocha|suite)\b|env\w{0,40}[.[]\W{0,20}(?:CI|TEST)\b/g,
    "It asks whether tests are running.",
  ),
  refused(
    /\b(?:globalThis|global|window)\.(?:expect|it|test|describe|assert|jest|vi)\b|(?:require\(|from\s+|import\s{0,20}\(?\s{0,20})["'](?:jest|@jest\/[\w-]+|vitest|mocha|chai|node:test|ava|tape|tap)["']|\b(?:import|from)\s+(?:pytest|unittest|_pytest)\b|jest\.asymmetricMatch|asymmetricMatch\b/g,
    "It reaches for the test framework.",
  ),
  refused(
    /\b(?:Array|Object|String|Number|Boolean|Function|Promise|Map|Set|Error|Date|RegExp|assert\w*)\.prototype\.\w+\s*=(?!=)|\bObject\.is\s*=(?!=)|\bObject\.defineProperty\(\s*(?:Array|Object|String|Number|Function|Promise)\.prototype|\bassert(?:\.\w{1,60}){1,4}\s*=(?![=>])|def __(?:eq|ne|bool|hash)__\([^)]{0,300}\)[^:\n]{0,200}:\s*return (?:True|not False)|\bbuiltins\.\w+\s*=(?!=)/g,
    "It changes what everything else, comparisons among it, is built on.",
  ),
  refused(
    /["'`]?\/reports\b|\bjunit|--outputFile|--test-reporter|--json\b.{0,20}report|report\w{0,40}\.(?:json|xml|tap)/gi,
    "It names the report of the tests.",
  ),
  refused(
    /\b(?:globalThis\.|global\.|window\.)?(?:Date|setTimeout|setInterval|setImmediate|performance|Date\.now|Math\.random|performance\.now|process\.nextTick|console\.\w+)\s*=(?![=>])(?!\s*(?:globalThis|global|require|window)\b)|\btime\.(?:time|sleep)\s*=(?!=)|\brandom\.\w+\s*=(?!=)/g,
    "It replaces clocks, timers or chance.",
  ),
  refused(
    /\bprocess\.(?:exit|reallyExit)\(\s{0,20}0?\s{0,20}\)|\bprocess\.(?:abort|reallyExit|kill)\(|\bprocess\.exitCode\s*=\s*0|\bos\._exit\(|\bsys\.exit\(\s{0,20}0?\s{0,20}\)|\bos\.Exit\(\s*0\s*\)|process\.(?:on|once)\(\s*["'](?:exit|beforeExit)/g,
    "It ends the process, or waits for its end.",
  ),
  doubt(/\bprocess\.exit\(|\bsys\.exit\(|\bos\.Exit\(/g, "It ends the process."),
  doubt(
    /\bprocess\.argv\b|\brequire\.main\b|\bmodule\.parent\b|new Error\([^)]{0,300}\)\.stack|captureStackTrace|\.stack\b.{0,40}(?:includes|match|test|indexOf)|\binspect\.(?:stack|currentframe)\(|\bsys\._getframe\(|\bsys\.argv\b|\bruntime\.Callers?\(|\barguments\.callee\b/g,
    "It looks at who called it, or how the process was started.",
  ),
  doubt(
    /\bcatch\s*(?:\([^)]{0,300}\)\s*)?\{\s*\}|\.catch\(\s{0,20}(?:\(\s{0,20}\w{0,60}\s{0,20}\)|\w{1,60})\s*=>\s*\{\s*\}\s*\)|\bexcept\b[^:\n]{0,200}:\s*(?:pass\b|\.\.\.)|\bsuppress\(|\|\|\s*true\b/g,
    "It swallows errors, or makes a condition always hold.",
  ),
  doubt(
    /\bas\s+any\b|\bas\s+unknown\s+as\b|@ts-(?:ignore|expect-error|nocheck)|eslint-disable|#\s*type:\s*ignore|#\s*noqa/g,
    "It silences a checker.",
  ),
  doubt(
    /\bJSON\.stringify\([^()\n]{0,80}\)\s*[!=]==?\s*["'`]|["'`]\s*[!=]==?\s*JSON\.stringify\(|\.(?:toString|join)\([^()\n]{0,20}\)\s*[!=]==?\s*["'`]|\bString\([^()\n]{0,40}\)\s*[!=]==?\s*["'`]|\b(?:repr|str|json\.dumps)\([^()\n]{0,40}\)\s*==\s*["']|\bdeepEqual\(|\bisDeepStrictEqual\(/g,
    "It compares a whole value, made a text, with a text.",
  ),
  doubt(/\bcreateHash\(|\bhashlib\.|\bmd5\b|\bsha(?:1|256)\b/gi, "It compares hashes."),
];

/** Casts and marks that change nothing of what runs. */
export const casts =
  /(?<!\s)\s+as\s+(?:any|unknown|never|const|[A-Z][\w.<>[\]]*)|!(?=[.;,)\]])|:\s*(?:any|unknown)\b/g;
