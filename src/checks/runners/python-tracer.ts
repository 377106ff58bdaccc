// Which lines of Python files ran: a tracer of ours that Python loads at its start (sitecustomize), since no package for it may be there.
import { quoteWord } from "../shell/quote.ts";
import { pythonFile } from "../affected/relevance.ts";
import { reportPath, scratchPath } from "./places.ts";
import type { Prepared } from "./types.ts";

const folder = scratchPath("trace");

/**
 * Only frames of the wanted files are traced, so the rest runs almost as fast as without. Each process adds what it saw to a file of its own at its end; an
 * absent `sys.settrace` (another Python) means no coverage, never a failure.
 */
const tracer = `
import atexit, json, os, sys, threading
_root = os.environ.get("ERRAND_TRACE_ROOT", "")
_wanted = {os.path.realpath(os.path.join(_root, name)) for name in json.loads(os.environ.get("ERRAND_TRACE_FILES", "[]"))}
_seen = {name: set() for name in _wanted}
_names = {}
def _name(path):
    if path not in _names:
        real = os.path.realpath(path)
        _names[path] = real if real in _wanted else None
    return _names[path]
def _trace(frame, event, argument):
    name = _name(frame.f_code.co_filename)
    if name is None:
        return None
    lines = _seen[name]
    def local(frame, event, argument):
        if event == "line":
            lines.add(frame.f_lineno)
        return local
    return local
def _write():
    sys.settrace(None)
    with open(os.path.join(os.path.dirname(__file__), "%d.json" % os.getpid()), "w") as file:
        json.dump({name: sorted(lines) for name, lines in _seen.items()}, file)
if _wanted and hasattr(sys, "settrace"):
    sys.settrace(_trace)
    threading.settrace(_trace)
    atexit.register(_write)
`;

/** The files of all processes as one: `{path: [line, …]}`. */
const joiner = `
import glob, json, os
lines = {}
for name in glob.glob(os.path.join(os.environ["TMPDIR"], "errand-trace", "*.json")):
    try:
        for path, ran in json.load(open(name)).items():
            lines.setdefault(path, set()).update(ran)
    except ValueError:
        pass
json.dump({path: sorted(ran) for path, ran in lines.items()}, open("${reportPath("coverage.json")}", "w"))
`;

/** What a prepared command needs beside its words to have the lines of the changed Python files measured. */
export function pythonCoverage(paths: readonly string[]): Omit<Prepared, "words" | "report"> {
  const measured = paths.filter((path) => pythonFile.test(path));
  if (measured.length === 0) return { coverage: null };
  return {
    first: [`mkdir -p ${folder}`, `printf %s ${quoteWord(tracer)} > ${folder}/sitecustomize.py`],
    assignments: [
      'ERRAND_TRACE_ROOT="$PWD"',
      `ERRAND_TRACE_FILES=${quoteWord(JSON.stringify(measured))}`,
      `PYTHONPATH=${folder}"\${PYTHONPATH:+:$PYTHONPATH}"`,
    ],
    last: [`python3 -c ${quoteWord(joiner)} 2>/dev/null`],
    coverage: { name: "coverage.json", format: "lines-json" },
  };
}
