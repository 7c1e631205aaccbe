import type { Duplex } from "node:stream";
import type Docker from "dockerode";

/** The part of dockerode's transport that is used here; its own types leave it open. */
interface Modem {
  readonly headers: Readonly<Record<string, string>>;
  dial(options: Readonly<Record<string, unknown>>, done: (error: unknown, socket: Duplex) => void): void;
}

export interface HijackOptions {
  /** With its query: `/containers/ID/attach?stream=1`. */
  readonly path: string;
  readonly body?: Readonly<Record<string, unknown>>;
  /** Gives the request up, and the connection if it comes too late. Has no effect once this has resolved. */
  readonly signal: AbortSignal;
}

/**
 * Takes a connection over from the engine: a POST that is answered with 101 and then is a plain byte stream both ways.
 *
 * Not dockerode's own `attach`, which sends its options as a body too: the engine would read what arrives late of it as
 * the process's input.
 */
export async function hijack(engine: Docker, options: HijackOptions): Promise<Duplex> {
  const modem = engine.modem as unknown as Modem;
  const { path, body, signal } = options;
  // The request is tied to a signal of its own: the caller's may fire long after the connection is in use.
  const cancelled = new AbortController();
  const giveUp = (): void => cancelled.abort();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    const socket = await new Promise<Duplex>((resolve, reject) => {
      const request = {
        // Without `options` the transport cuts the last character of a path with a query.
        path: path.includes("?") ? `${path}&` : path,
        method: "POST",
        hijack: true,
        isStream: true,
        openStdin: false,
        statusCodes: {},
        abortSignal: cancelled.signal,
        headers: { ...modem.headers, "Content-Type": body ? "application/json" : "text/plain" },
        file: Buffer.from(body ? JSON.stringify(body) : ""),
      };
      modem.dial(request, (error, taken) => (error ? reject(error) : resolve(taken)));
    });
    if (signal.aborted) socket.destroy();
    return socket;
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
}
