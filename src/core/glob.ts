// Glob patterns as in .gitignore: `*`, `?`, `**`; a pattern without "/" matches at any depth. No regular expressions, so no backtracking blow-up.

/** Whether one path segment matches one pattern segment. Remembers only the last `*`: at most |pattern| x |text| steps. */
function matchesSegment(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === "*") {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === "?" || pattern[p] === text[t])) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Segment lists, `**` standing for any number of segments: a table of |pattern| x |path| booleans, filled from the end. */
function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let below: boolean[] = path.map(() => false).concat(true);
  for (const part of pattern.toReversed()) {
    const row: boolean[] = new Array<boolean>(path.length + 1).fill(false);
    for (let at = path.length; at >= 0; at--) {
      const segment = path[at];
      row[at] =
        part === "**"
          ? (below[at] ?? false) || (row[at + 1] ?? false)
          : segment !== undefined && (below[at + 1] ?? false) && matchesSegment(part, segment);
    }
    below = row;
  }
  return below[0] ?? false;
}

/**
 * Whether `path` (slashes, no leading slash) matches a pattern. Case is ignored: two file systems of three ignore it,
 * so a protected path must not be open under another spelling.
 */
export function matchesGlob(pattern: string, path: string): boolean {
  const normal = pattern.toLowerCase().replace(/^\//, "");
  const anchored = pattern.includes("/") ? normal : `**/${normal}`;
  const whole = anchored.endsWith("/") ? `${anchored}**` : anchored;
  return matchesSegments(whole.split("/"), path.toLowerCase().split("/"));
}

export function matchesAnyGlob(patterns: readonly string[], path: string): boolean {
  return patterns.some((pattern) => matchesGlob(pattern, path));
}
