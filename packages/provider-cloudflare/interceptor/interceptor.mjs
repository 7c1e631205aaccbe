// Replaces the image with which workerd reaches a local container and intercepts its requests, if that image cannot be pulled.
// It disables the container's network, forwards connections to ports, and forwards requests to one address to workerd.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";
import { connect, createServer as createTcpServer } from "node:net";
import { pipeline } from "node:stream";
import { rootCertificates } from "node:tls";
import { parseArgs } from "node:util";

const uid = 39001;
const address = "192.0.2.1";

const { values } = parseArgs({
  strict: false,
  options: { "http-egress-port": { type: "string" }, "http-ingress-address": { type: "string" } },
});
let egressPort = Number(values["http-egress-port"]);
const ingressPort = Number(String(values["http-ingress-address"]).split(":").at(-1));
const host = /^(\S+)\s+host\.docker\.internal$/m.exec(readFileSync("/etc/hosts", "utf8"))?.[1];
if (host === undefined) throw new Error("the host's address is unknown");

// workerd waits two seconds for the port, and longer for the response, which is sent once the network is disabled.
const args = ["/opt/interceptor/shut-network.py", uid, host, address, egressPort, ingressPort].map(String);
const shut = spawn("python3", args, { stdio: "inherit" });
const isShut = once(shut, "exit").then(([code]) => {
  if (code !== 0) throw new Error("cannot disable the network");
});
process.setgid(uid);
process.setuid(uid);

/** Connects two sockets; either side may end first. */
function join(one, other) {
  const onEnd = (error) => {
    if (!error) return;
    one.destroy();
    other.destroy();
  };
  pipeline(one, other, onEnd);
  pipeline(other, one, onEnd);
}

// Connections to the address go to workerd, which knows their target.
const outgoing = createTcpServer({ pauseOnConnect: true, allowHalfOpen: true }, (socket) => {
  const target = `${address}:80`;
  const call = request({ host, port: egressPort, method: "CONNECT", path: target, headers: { host: target } });
  call.on("connect", (answer, upstream, head) => {
    if (answer.statusCode !== 200) return socket.destroy();
    socket.write(head);
    join(socket, upstream);
    socket.resume();
  });
  call.on("response", () => socket.destroy());
  call.on("error", () => socket.destroy());
  socket.on("error", () => call.destroy());
  call.end();
});
// The address exists once the network is disabled.
isShut.then(() => outgoing.listen(80, address));

// workerd's side: accepts only the host, and reaches only ports of this namespace.
const ingress = createServer((question, answer) => {
  if (question.url === "/ca") return answer.end(rootCertificates[0]);
  if (question.method !== "PUT" || question.url !== "/egress") return answer.writeHead(404).end();
  let body = "";
  question.setEncoding("utf8").on("data", (part) => {
    body += part;
  });
  question.on("end", () => {
    egressPort = JSON.parse(body).port ?? egressPort;
    isShut.then(() => answer.writeHead(200).end());
  });
});
ingress.on("connection", (socket) => {
  if (socket.remoteAddress?.replace("::ffff:", "") !== host) socket.destroy();
});
ingress.on("connect", (question, socket, head) => {
  const [target, port] = String(question.headers["x-dst-addr"]).split(":");
  if (target !== "127.0.0.1") return socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  const inner = connect({ host: target, port: Number(port), noDelay: true, allowHalfOpen: true });
  socket.on("error", () => inner.destroy());
  const refuse = () => socket.end("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  inner.once("error", refuse);
  inner.once("connect", () => {
    inner.off("error", refuse);
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    inner.write(head);
    join(socket, inner);
  });
});
ingress.listen(ingressPort);
