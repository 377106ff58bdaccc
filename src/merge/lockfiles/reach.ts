// What can be reached from what: which entries of a lockfile something still asks for.

/** Everything that can be reached from the roots, them included. Each is looked at once, however long the chains. */
export function reachable(roots: Iterable<string>, next: (key: string) => Iterable<string>): Set<string> {
  const reached = new Set(roots);
  // A set that grows while it is gone through hands out what was added too.
  for (const key of reached) for (const further of next(key)) reached.add(further);
  return reached;
}
