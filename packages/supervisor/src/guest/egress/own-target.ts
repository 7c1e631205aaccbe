import type { Socket } from "node:net";
import { ownAddresses } from "./own-names.ts";

/** What a program inside asks the proxy for that is in this sandbox itself. */
export interface OwnTarget {
  /** As it was asked for. */
  readonly host: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** A longer request line does not name this sandbox; whoever serves it decides on it. */
const maxLineBytes = 8 * 1024;
/** Clients of a proxy speak first; one that does not is for the host to deal with. */
const waitForLineMs = 5000;

/** The beginning of a connection. */
export interface FirstRequest {
  /** Absent where it is for a host outside, or for nobody. */
  readonly own?: OwnTarget;
  /** What was read of a connection that has ended: everything else is put back. */
  readonly head: Buffer;
}

/** Reads what the first request on a connection asks for. */
export async function readFirstRequest(socket: Socket): Promise<FirstRequest> {
  const { line, head } = await firstLine(socket);
  const own = head.length > 0 ? undefined : ownTarget(line);
  return { head, ...(own && { own }) };
}

function ownTarget(line: string): OwnTarget | undefined {
  const [, connectTo, absolute] =
    /^(?:CONNECT ([^\s/]+)|[A-Z]+ http:\/\/([^\s/?#]+)\S*) HTTP\/1\.[01]$/i.exec(line) ?? [];
  const authority = connectTo ?? absolute?.slice(absolute.lastIndexOf("@") + 1);
  const [, host, digits = connectTo === undefined ? "80" : ""] =
    /^(\[[^\]]*\]|[^:]+)(?::(\d{1,5}))?$/.exec(authority ?? "") ?? [];
  const port = Number(digits);
  const addresses = host === undefined || port < 1 || port > 65_535 ? undefined : ownAddresses(host);
  return host === undefined || addresses === undefined ? undefined : { host, port, addresses };
}

/** Up to its end, or what is there of it when it is too long, too late or cut off. */
function firstLine(socket: Socket): Promise<{ readonly line: string; readonly head: Buffer }> {
  return new Promise((resolve) => {
    let read: Buffer = Buffer.alloc(0);
    const finish = (hasEnded: boolean): void => {
      clearTimeout(timer);
      socket.off("readable", look).off("end", ended).off("close", ended);
      // At once: after the end of the stream nothing can be put back.
      if (read.length > 0 && !hasEnded) socket.unshift(read);
      resolve({ line: read.toString("latin1").split("\r\n", 1)[0] ?? "", head: hasEnded ? read : Buffer.alloc(0) });
    };
    const look = (): void => {
      for (let chunk: Buffer | null = socket.read(); chunk !== null; chunk = socket.read())
        read = Buffer.concat([read, chunk]);
      if (read.includes("\r\n") || read.length > maxLineBytes) finish(false);
    };
    const ended = (): void => finish(true);
    const timer = setTimeout(finish, waitForLineMs, false);
    socket.on("readable", look).once("end", ended).once("close", ended);
  });
}
