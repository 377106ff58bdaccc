// Git's proc-receive hook: asks the fake GitHub which pushed references it takes, and tells git in its own protocol.
// It speaks pkt-line: four hexadecimal digits of length, then the line; "0000" ends a list.
const http = require("node:http");

function packet(text) {
  return (text.length + 4).toString(16).padStart(4, "0") + text;
}

function packets(bytes) {
  const lists = [[]];
  for (let at = 0; at + 4 <= bytes.length;) {
    const length = parseInt(bytes.subarray(at, at + 4).toString(), 16);
    if (length === 0) lists.push([]);
    else lists.at(-1).push(bytes.subarray(at + 4, at + length).toString());
    at += Math.max(length, 4);
  }
  return lists;
}

function ask(moves, done) {
  const request = http.request(process.env.FAKE_RECEIVE_URL, { method: "POST" }, (response) => {
    const chunks = [];
    response.on("data", (chunk) => chunks.push(chunk));
    response.on("end", () => done(JSON.parse(Buffer.concat(chunks).toString())));
  });
  request.end(JSON.stringify(moves));
}

function answer(verdicts) {
  for (const { remote } of verdicts) if (remote) process.stderr.write(remote);
  const lines = verdicts.flatMap(({ ref, reason }) =>
    reason === null ? [packet(`ok ${ref}`), packet("option fall-through")] : [packet(`ng ${ref} ${reason}`)],
  );
  process.stdout.write(lines.join("") + "0000");
}

let seen = Buffer.alloc(0);
let greeted = false;
let asked = false;
process.stdin.on("data", (chunk) => {
  seen = Buffer.concat([seen, chunk]);
  const lists = packets(seen);
  if (!greeted && lists.length > 1) {
    greeted = true;
    process.stdout.write(packet("version=1") + "0000");
  }
  if (asked || lists.length < 3) return;
  asked = true;
  const moves = lists[1].map((line) => {
    const [before, after, ...ref] = line.trimEnd().split(" ");
    return { before, after, ref: ref.join(" ") };
  });
  ask(moves, answer);
});
