import { createServer, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { listen } from "./gateway-fixture.ts";

/** A company's proxy: it takes CONNECT alone, and leads each tunnel where the test says. */
export async function connectProxy(portOf: (authority: string) => number) {
  const seen: { readonly authority: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on("connect", (request: IncomingMessage, socket: Socket) => {
    const authority = request.url ?? "";
    seen.push({ authority, authorization: request.headers["proxy-authorization"] });
    const outside = connect(portOf(authority), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      socket.pipe(outside).pipe(socket);
    });
    outside.on("error", () => socket.destroy());
    socket.on("close", () => outside.destroy());
  });
  return { seen, port: await listen(server) };
}
