// Which lines of a text are new or changed against an older one.

/** Products of line counts up to which lines are aligned; of longer stretches every line counts as changed. */
const mostCells = 4_000_000;

/** 1-based lines of `after` that are not in `before` at that place. Where lines were only taken out, the one that follows counts. */
export function changedLines(before: string, after: string): ReadonlySet<number> {
  const old = before.split(/\r?\n/);
  const now = after.split(/\r?\n/);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  const room = Math.min(old.length, now.length) - head;
  while (tail < room && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const kept = keptLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  const changed = new Set<number>();
  let [oldNext, next] = [0, 0];
  for (const [was, is] of [...kept, [old.length - tail - head, now.length - tail - head] as const]) {
    for (let line = next; line < is; line += 1) changed.add(head + line + 1);
    if (next === is && was > oldNext && head + is < now.length) changed.add(head + is + 1);
    [oldNext, next] = [was + 1, is + 1];
  }
  return changed;
}

type Pair = readonly [number, number];

/** Pairs of lines that stay, a longest common subsequence; none where that would take too long. */
function keptLines(old: readonly string[], now: readonly string[]): readonly Pair[] {
  const width = now.length + 1;
  if (old.length * now.length > mostCells) return [];
  const best = new Uint32Array((old.length + 1) * width);
  const at = (row: number, column: number) => best[row * width + column] ?? 0;
  for (let row = old.length - 1; row >= 0; row -= 1) {
    for (let column = now.length - 1; column >= 0; column -= 1) {
      best[row * width + column] =
        old[row] === now[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const pairs: Pair[] = [];
  let row = 0;
  let column = 0;
  while (row < old.length && column < now.length) {
    if (old[row] === now[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}
