export interface TerminalConnection {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  resize(columns: number, rows: number): void;
  close(): void;
}

interface TerminalListener {
  readonly onBytes: (bytes: Uint8Array) => void;
  /** Why it has ended, in words. */
  readonly onEnd: (reason: string) => void;
}

const subprotocol = "glovebox.terminal.v1";
const normalEnd = 1000;

/** Attaches to the terminal of a run; what is sent before it is open waits. */
export function openTerminal(runId: string, { onBytes, onEnd }: TerminalListener): TerminalConnection {
  const url = new URL(`/v1/runs/${runId}/terminal`, location.href);
  url.protocol = url.protocol.replace("http", "ws");
  const socket = new WebSocket(url, subprotocol);
  socket.binaryType = "arraybuffer";
  const waiting: (string | Uint8Array<ArrayBuffer>)[] = [];
  const send = (message: string | Uint8Array<ArrayBuffer>): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(message);
    else if (socket.readyState === WebSocket.CONNECTING) waiting.push(message);
  };
  socket.onopen = () => {
    for (const message of waiting.splice(0)) socket.send(message);
  };
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data instanceof ArrayBuffer) onBytes(new Uint8Array(data));
  };
  socket.onclose = ({ code, reason }) => {
    onEnd(code === normalEnd ? "The program in the terminal has ended." : reason || "The terminal was disconnected.");
  };
  return {
    send,
    resize: (columns, rows) => send(JSON.stringify({ type: "resize", columns, rows })),
    close: () => {
      socket.onclose = null;
      socket.close();
    },
  };
}
