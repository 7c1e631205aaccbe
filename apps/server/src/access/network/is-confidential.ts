import type { Client } from "./client-of.ts";
import { isLoopback } from "./is-loopback.ts";

/** Whether nobody else can read a client's keys on their way: it uses TLS or a trusted proxy, or runs on this machine. */
export function isConfidential({ address, isSecure, isProxied }: Client): boolean {
  return isSecure || isProxied || isLoopback(address);
}
