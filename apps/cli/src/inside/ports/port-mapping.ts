import { isIP } from "node:net";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { parsePort } from "../parse-port.ts";

/** A port of a sandbox, and where it is on this machine. */
export interface PortMapping {
  /** An address of loopback. */
  readonly host: string;
  /** On this machine. 0: one that is free. */
  readonly port: number;
  readonly inside: number;
}

/** `3000`, `8080:3000` (this machine's first), `0:3000` (a free one), each with an address of loopback before it. */
export function parsePortMapping(text: string): PortMapping {
  const [, address, first = "", second] =
    /^(?:(\[[\da-f:]+\]|[a-z\d.]*[a-z.][a-z\d.]*):)?(\d+)(?::(\d+))?$/i.exec(text) ?? [];
  if (first === "") {
    throw new InvalidOptionsError(`${JSON.stringify(text)} is not a port to forward`, {
      hint: "Write the port, or this machine's port and the sandbox's: 3000, 8080:3000, 0:3000 for a free one.",
    });
  }
  const isFree = first === "0" && second !== undefined;
  return {
    host: parseLoopback(address ?? "127.0.0.1"),
    port: isFree ? 0 : parsePort(first),
    inside: parsePort(second ?? first),
  };
}

/** Nothing of a sandbox is put on a network. */
function parseLoopback(text: string): string {
  const address = text.replace(/^\[|\]$/g, "");
  if (address === "localhost") return "127.0.0.1";
  if (address === "::1" || (isIP(address) === 4 && address.startsWith("127."))) return address;
  throw new InvalidOptionsError(`${text} is not an address of this machine's loopback`, {
    hint: "Ports of a sandbox are forwarded to 127.0.0.1 only. To publish one, run a proxy of your own in front of it.",
  });
}
