import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import { listen } from "./gateway-fixture.ts";

/** A company's proxy: it leads each tunnel and each request where the test says. */
export async function connectProxy(portOf: (authority: string) => number) {
  const seen: { readonly authority: string; readonly authorization: string | undefined }[] = [];
  const server = createServer((request, response) => {
    const { host, pathname } = new URL(request.url ?? "");
    seen.push({ authority: `http://${host}`, authorization: request.headers["proxy-authorization"] });
    if (pathname === "/unauthorized") return response.writeHead(407, { "proxy-authenticate": "Basic" }).end();
    const outside = httpRequest({ host: "127.0.0.1", port: portOf(host), path: pathname, method: request.method });
    outside.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 500);
      answer.pipe(response);
    });
    outside.on("error", () => response.writeHead(502).end());
    request.pipe(outside);
  });
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
