/** A call's end: nothing, or the code and message of its failure. */
export interface CallEnd {
  readonly error?: { readonly code: string; readonly message: string };
}

export interface OpenStream {
  /** The next message; undefined after the last. */
  next(): Promise<Record<string, unknown> | undefined>;
  /** The messages that are left, and how it ended. */
  rest(): Promise<{ readonly messages: Record<string, unknown>[]; readonly end: CallEnd }>;
  cancel(): void;
}

export interface RpcClient {
  unary(
    method: string,
    message: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  stream(method: string, messages: readonly object[], headers?: Record<string, string>): Promise<OpenStream>;
}

/** The Connect protocol as its page describes it, by hand: no code of the gateway's is in it. */
export function rpcClient(url: string): RpcClient {
  return {
    async unary(method, message, headers = {}) {
      const response = await fetch(`${url}/${method}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(message),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async stream(method, messages, headers = {}) {
      const abort = new AbortController();
      const response = await fetch(`${url}/${method}`, {
        method: "POST",
        headers: { "content-type": "application/connect+json", ...headers },
        body: Buffer.concat(messages.map(frame)),
        signal: abort.signal,
      });
      if (response.status !== 200 || response.body === null) throw new Error(`the status is ${response.status}`);
      return readStream(response.body, () => abort.abort());
    },
  };
}

function frame(message: object): Buffer {
  const json = Buffer.from(JSON.stringify(message));
  const head = Buffer.alloc(5);
  head.writeUInt32BE(json.length, 1);
  return Buffer.concat([head, json]);
}

function readStream(body: ReadableStream<Uint8Array>, cancel: () => void): OpenStream {
  const reader = body.getReader();
  let waiting = Buffer.alloc(0);
  let end: CallEnd | undefined;
  const nextFrame = async (): Promise<Record<string, unknown> | undefined> => {
    while (end === undefined) {
      const length = waiting.length < 5 ? Number.POSITIVE_INFINITY : 5 + waiting.readUInt32BE(1);
      if (waiting.length >= length) {
        const [flags, json] = [waiting[0], waiting.subarray(5, length).toString()];
        waiting = waiting.subarray(length);
        if (flags !== 2) return JSON.parse(json);
        end = JSON.parse(json) as CallEnd;
        break;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("the stream broke off");
      waiting = Buffer.concat([waiting, value]);
    }
    return undefined;
  };
  return {
    next: nextFrame,
    async rest() {
      const messages: Record<string, unknown>[] = [];
      for (let message = await nextFrame(); message !== undefined; message = await nextFrame()) messages.push(message);
      return { messages, end: end ?? {} };
    },
    cancel,
  };
}
