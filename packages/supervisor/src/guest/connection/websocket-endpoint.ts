import { createHash, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import { webSocketOptions } from "../../protocol/websocket-options.ts";
import { endpointTokenHeader, type SupervisorEndpoint } from "../../supervisor-config.ts";

const maxConnections = 256;
const headersTimeoutMs = 10_000;

/** Starts the WebSocket endpoint and resolves when it listens. Each WebSocket with the right token is one connection. */
export async function startWebSocketEndpoint(
  endpoint: SupervisorEndpoint,
  onConnection: (duplex: Duplex) => void,
): Promise<void> {
  const sockets = new WebSocketServer({ ...webSocketOptions, noServer: true });
  const server = createServer((request, response) => {
    response.writeHead(request.url === "/health" ? 204 : 404).end();
  });
  server.maxConnections = maxConnections;
  server.headersTimeout = headersTimeoutMs;
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => {});
    if (!hasToken(request, endpoint.token)) {
      socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      onConnection(createWebSocketStream(webSocket, { readableHighWaterMark: 1024 * 1024 }));
    });
  });
  server.listen(endpoint.port);
  await once(server, "listening");
}

function hasToken(request: IncomingMessage, token: string): boolean {
  const value = request.headers[endpointTokenHeader];
  return typeof value === "string" && timingSafeEqual(digest(value), digest(token));
}

/** Makes both values the same length, which timingSafeEqual requires. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
