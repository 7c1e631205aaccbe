import { GloveboxApiError } from "../api-error.ts";
import type { SendRequest } from "../send-request.ts";
import { ByteQueue } from "./byte-queue.ts";
import type { AttachOptions, Terminal } from "./terminal.ts";

const protocol = "glovebox.terminal.v1";

export interface OpenTerminalOptions extends AttachOptions {
  readonly url: string;
  readonly token: string | undefined;
  readonly runId: string;
  readonly send: SendRequest;
}

/** Attaches to the terminal of an interactive run. Throws a {@link GloveboxApiError} if the server refuses. */
export async function openTerminal(options: OpenTerminalOptions): Promise<Terminal> {
  const { runId, send, signal, token, url } = options;
  signal?.throwIfAborted();
  const path = `/v1/runs/${encodeURIComponent(runId)}/terminal${queryOf(options)}`;
  const protocols = token === undefined ? [protocol] : [protocol, `glovebox.token.${token}`];
  const socket = new WebSocket(`${url.replace(/^http/, "ws")}${path}`, protocols);
  socket.binaryType = "arraybuffer";
  const output = new ByteQueue();
  const exit = readMessages(socket, output);
  const close = (): void => socket.close(1000);
  signal?.addEventListener("abort", close, { once: true });
  void exit.then(() => signal?.removeEventListener("abort", close));
  await opened(socket).catch(async () => {
    // A WebSocket does not say why it was refused; the same request without one does.
    const response = await send(path);
    throw await GloveboxApiError.of(response);
  });
  signal?.throwIfAborted();
  return {
    output,
    exit,
    close,
    write: (input) => {
      if (options.readOnly !== true)
        sendTo(socket, typeof input === "string" ? new TextEncoder().encode(input) : input);
    },
    resize: ({ columns, rows }) => {
      if (options.readOnly !== true) sendTo(socket, JSON.stringify({ type: "resize", columns, rows }));
    },
  };
}

/** Reads messages to the end of the terminal, and resolves to the exit code. */
function readMessages(socket: WebSocket, output: ByteQueue): Promise<number | null> {
  let exitCode: number | null = null;
  socket.addEventListener("message", (message) => {
    const data = message.data as ArrayBuffer | string;
    if (typeof data !== "string") output.push(new Uint8Array(data));
    else exitCode = exitCodeOf(data) ?? exitCode;
  });
  return new Promise((resolve) => {
    socket.addEventListener(
      "close",
      () => {
        output.end();
        resolve(exitCode);
      },
      { once: true },
    );
  });
}

function exitCodeOf(text: string): number | undefined {
  const message = JSON.parse(text) as { readonly type?: unknown; readonly exitCode?: unknown };
  return message.type === "exit" && typeof message.exitCode === "number" ? message.exitCode : undefined;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("close", reject, { once: true });
    // Without a listener, Node reports it as an error of nobody. `close` follows.
    socket.addEventListener("error", () => {}, { once: true });
  });
}

/** What is sent to a terminal that has closed is lost. */
function sendTo(socket: WebSocket, data: string | Uint8Array<ArrayBuffer>): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(data);
}

function queryOf({ columns, rows, readOnly }: AttachOptions): string {
  const query = new URLSearchParams();
  if (columns !== undefined) query.set("columns", String(columns));
  if (rows !== undefined) query.set("rows", String(rows));
  if (readOnly === true) query.set("readOnly", "true");
  return query.size === 0 ? "" : `?${query}`;
}
