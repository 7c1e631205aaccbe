import { createHash, createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";

export interface CloudRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * Claude in a cloud, on loopback: what a cloud's address and framing add to a model that speaks the Messages API at `modelUrl`.
 * `check` says why a request is not authenticated.
 */
export async function startCloud(
  modelUrl: string,
  check: (request: IncomingMessage, body: Buffer) => string | undefined,
): Promise<{ readonly url: string; readonly requests: CloudRequest[]; close(): void }> {
  const requests: CloudRequest[] = [];
  const server = createServer(async (request, response) => {
    const bytes = await buffer(request);
    const path = request.url ?? "";
    const body = JSON.parse(bytes.toString() || "{}");
    requests.push({ path, headers: request.headers, body });
    const failure = check(request, bytes);
    if (failure !== undefined) return void response.writeHead(403).end(JSON.stringify({ message: failure }));
    const model = decodeURIComponent(/\/models?\/([^/]+?)(?:\/|:\w+$)/.exec(path)?.[1] ?? "");
    const isStreamed = /invoke-with-response-stream|streamRawPredict/.test(path);
    const answer = await fetch(`${modelUrl}/v1/messages`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-api-key": "any" },
      body: JSON.stringify({
        ...body,
        model: model.replace(/^.*anthropic\.|-v\d+:\d+$|@.*$/g, ""),
        stream: isStreamed,
      }),
    });
    await sendAnswer(answer, response, isStreamed && path.startsWith("/model/"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, close };
}

async function sendAnswer(answer: Response, response: ServerResponse, isFramed: boolean): Promise<void> {
  const type = isFramed ? "application/vnd.amazon.eventstream" : (answer.headers.get("content-type") ?? "");
  response.writeHead(answer.status, { "content-type": type });
  const text = await answer.text();
  if (!isFramed) return void response.end(text);
  for (const [, data = ""] of text.matchAll(/^data: (.*)$/gm)) {
    const bytes = Buffer.from(data).toString("base64");
    response.write(eventFrame(Buffer.from(JSON.stringify({ bytes, p: "abcdef" }))));
  }
  response.end();
}

/** One message of an event stream as AWS frames it. */
function eventFrame(payload: Buffer): Buffer {
  const headers = Buffer.concat(
    Object.entries({ ":event-type": "chunk", ":content-type": "application/json", ":message-type": "event" }).map(
      ([name, value]) => {
        const length = Buffer.alloc(2);
        length.writeUInt16BE(value.length);
        return Buffer.concat([
          Buffer.from([name.length]),
          Buffer.from(name),
          Buffer.from([7]),
          length,
          Buffer.from(value),
        ]);
      },
    ),
  );
  const prelude = Buffer.alloc(12);
  prelude.writeUInt32BE(16 + headers.length + payload.length, 0);
  prelude.writeUInt32BE(headers.length, 4);
  prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
  const message = Buffer.concat([prelude, headers, payload]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(message));
  return Buffer.concat([message, end]);
}

/** Why a request's AWS signature does not hold, computed from the specification alone. */
export function signatureFailure(
  request: IncomingMessage,
  body: Buffer,
  { secretAccessKey, accessKeyId }: { readonly secretAccessKey: string; readonly accessKeyId: string },
): string | undefined {
  const { authorization = "" } = request.headers;
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8}\/[\w-]+\/bedrock\/aws4_request), SignedHeaders=([\w;-]+), Signature=(\w{64})$/.exec(
      authorization,
    );
  if (found === null) return `not a signature: ${authorization}`;
  const [, key, scope = "", signedHeaders = "", signature] = found;
  if (key !== accessKeyId) return `another key: ${key}`;
  const names = signedHeaders.split(";");
  for (const required of ["host", "x-amz-date", "x-amz-content-sha256"]) {
    if (!names.includes(required)) return `${required} is not signed`;
  }
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const canonical = [
    request.method,
    path.split("/").map(encodeURIComponent).join("/"),
    query,
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    "",
    signedHeaders,
    createHash("sha256").update(body).digest("hex"),
  ].join("\n");
  const digest = createHash("sha256").update(canonical).digest("hex");
  const toSign = ["AWS4-HMAC-SHA256", request.headers["x-amz-date"], scope, digest].join("\n");
  const hmac = (secret: string | Buffer, text: string): Buffer => createHmac("sha256", secret).update(text).digest();
  const signingKey = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const expected = hmac(signingKey, toSign).toString("hex");
  return expected === signature ? undefined : "the signature does not match";
}
