import { isIP } from "node:net";
import { addressScope, canonicalHost } from "@glovebox/core/network";
import { isLoopbackName } from "@glovebox/core/provider";

/** Whether a host, in any form, is whoever asks: a loopback or unspecified address, or a name that stands for one. */
export function isLoopbackHost(text: string): boolean {
  const host = canonicalHost(text) ?? text;
  if (isIP(host) !== 0) return /loopback|unspecified/.test(addressScope(host) ?? "");
  return isLoopbackName(host);
}
