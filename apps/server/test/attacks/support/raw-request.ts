import { connect } from "node:net";

/** Sends bytes and resolves to everything that comes back until the server or the deadline ends it. */
export function rawRequest(port: number, bytes: string, deadlineMs = 5_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => socket.write(bytes, "latin1"));
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    socket.on("error", () => {});
    const timer = setTimeout(() => socket.destroy(), deadlineMs);
    socket.on("close", () => {
      clearTimeout(timer);
      resolve(text);
    });
  });
}

/** A request over HTTP/1.1 with a `Host` of its own, which `fetch` cannot send. Resolves to the status, headers and body. */
export async function requestAs(
  port: number,
  {
    method = "GET",
    path,
    headers,
    body = "",
  }: { method?: string; path: string; headers: Record<string, string>; body?: string },
): Promise<{ readonly status: number; readonly head: string; readonly body: string }> {
  const all: Record<string, string> = {
    connection: "close",
    "content-length": String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const answer = await rawRequest(port, [`${method} ${path} HTTP/1.1`, ...lines, "", body].join("\r\n"));
  const [head = "", ...rest] = answer.split("\r\n\r\n");
  return {
    status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
    head: head.toLowerCase(),
    body: rest.join("\r\n\r\n"),
  };
}
