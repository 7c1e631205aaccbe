import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { doorOptions } from "../protocol/door-options.ts";
import { doorTokenHeader, type SupervisorDoor } from "../supervisor-config.ts";

const maxConnections = 256;
const headersTimeoutMs = 10_000;

/** Opens the door. Each WebSocket behind the token is a connection of its own. Resolves when it listens. */
export async function openDoor(door: SupervisorDoor, onConnection: (duplex: Duplex) => void): Promise<void> {
  const sockets = new WebSocketServer({ ...doorOptions, noServer: true });
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/health" ? 204 : 404).end();
  });
  server.maxConnections = maxConnections;
  server.headersTimeout = headersTimeoutMs;
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    if (!carries(request, door.token)) {
      socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      onConnection(createWebSocketStream(webSocket, { readableHighWaterMark: 1024 * 1024 }));
    });
  });
  server.listen(door.port);
  await once(server, "listening");
}

function carries(request: IncomingMessage, token: string): boolean {
  const given = request.headers[doorTokenHeader];
  return typeof given === "string" && timingSafeEqual(digest(given), digest(token));
}

/** Of one length, whatever was given. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
