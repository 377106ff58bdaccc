// The road from a sandbox without a network to the proxy: a port of its own loopback, piped to the socket that is bound into it.

/** On the sandbox's own loopback, where nothing else can listen before the install starts. */
const port = 3128;

/** What clients inside the sandbox are told. */
export const forwardedProxy = `http://127.0.0.1:${port}`;

/**
 * Run by `node -e`, so that it is the same from the sources and from the build. It listens, then starts the program, and ends when that ends: with its
 * status, or as a shell tells of a signal (128 and its number).
 */
const script = `
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const net = require("node:net");
const [socket, program, ...rest] = process.argv.slice(1);
const server = net.createServer({ allowHalfOpen: true }, (client) => {
  const proxy = net.connect({ path: socket, allowHalfOpen: true });
  for (const [from, to] of [[client, proxy], [proxy, client]]) {
    from.on("error", () => to.destroy());
    from.on("close", () => from.readableEnded || to.destroy());
    from.pipe(to);
  }
});
server.on("error", (error) => {
  console.error("The way to the registries could not be opened: " + error.code);
  process.exit(125);
});
server.listen(${port}, "127.0.0.1", () => {
  const child = spawn(program, rest, { stdio: "inherit" });
  child.on("error", (error) => {
    console.error(program + ": " + (error.code === "ENOENT" ? "not found" : error.code));
    process.exit(error.code === "ENOENT" ? 127 : 126);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
});
`;

/** The argument list that runs `argv` with a way to the proxy. `node`: a Node inside the sandbox; `socket`: where the proxy's socket is in it. */
export function forwardedArgv(
  node: string,
  socket: string,
  argv: readonly [string, ...string[]],
): [string, ...string[]] {
  return [node, "-e", script, "--", socket, ...argv];
}
