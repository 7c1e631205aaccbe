import { createHash, timingSafeEqual } from "node:crypto";
import type { Socket } from "node:net";

/** What the first request of a connection to an endpoint's listener must carry. */
export const endpointTokenHeader = "x-glovebox-endpoint-token";

const maxHeadBytes = 64 * 1024;
const headTimeoutMs = 10_000;
const end = "\r\n\r\n";
const refusal = `The request has not the header ${endpointTokenHeader} of this endpoint\n`;

/**
 * Reads the head of a connection's first request. Resolves to it without the token once it is there and the token is right;
 * else answers 403, or nothing where no head comes, and resolves to `undefined`.
 */
export async function readGuardedHead(socket: Socket, expected: string): Promise<Buffer | undefined> {
  const bytes = await readHead(socket);
  if (bytes === undefined) {
    socket.destroy();
    return undefined;
  }
  const headBytes = bytes.indexOf(end);
  const [requestLine = "", ...lines] = bytes.toString("latin1", 0, headBytes).split("\r\n");
  const tokens = lines.filter((line) => nameOf(line) === endpointTokenHeader);
  if (!tokens.some((line) => isEqual(line.slice(line.indexOf(":") + 1).trim(), expected))) {
    socket.end(
      `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${refusal.length}\r\nconnection: close${end}${refusal}`,
    );
    return undefined;
  }
  const others = lines.filter((line) => !tokens.includes(line));
  return Buffer.concat([Buffer.from([requestLine, ...others].join("\r\n"), "latin1"), bytes.subarray(headBytes)]);
}

function readHead(socket: Socket): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (result: Buffer | undefined): void => {
      clearTimeout(timer);
      socket.off("data", onData).off("close", onClose).off("end", onClose);
      socket.pause();
      resolve(result);
    };
    const onClose = (): void => finish(undefined);
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const at = bytes.indexOf(end);
      if (at >= 0 && at <= maxHeadBytes) finish(bytes);
      else if (bytes.length > maxHeadBytes) finish(undefined);
    };
    const timer = setTimeout(onClose, headTimeoutMs).unref();
    socket.on("data", onData).once("close", onClose).once("end", onClose);
    socket.resume();
  });
}

function nameOf(line: string): string {
  return line
    .slice(0, Math.max(0, line.indexOf(":")))
    .trim()
    .toLowerCase();
}

function isEqual(token: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(token), digest(expected));
}
