import { createSocket } from "node:dgram";
import { createServer } from "node:net";

/** Answers at addresses that a pod should not reach: name servers, the metadata of a cloud, the internet. */
export function answerAt(nameServers: readonly string[], webServers: readonly string[]): void {
  for (const address of nameServers) {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    // The question comes back as an answer that says: no such name.
    socket.on("message", (question, sender) => {
      if (question.length < 12) return;
      question.writeUInt16BE(0x8183, 2);
      socket.send(question, sender.port, sender.address);
    });
    socket.bind(53, address);
    createServer((connection) => connection.on("error", () => {}).resume()).listen(53, address);
  }
  for (const address of webServers) {
    createServer((connection) => {
      connection.on("error", () => {}).resume();
      connection.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }).listen(80, address);
  }
}
