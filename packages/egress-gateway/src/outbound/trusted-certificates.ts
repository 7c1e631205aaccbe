import { rootCertificates } from "node:tls";
import { hostCertificates } from "@glovebox/core/host-certificates";
import type { HostEnvironment } from "@glovebox/core/host-proxy";

/** Node's own certificates and the host's extra ones; absent when there are none, so that Node's defaults apply. */
export function trustedCertificates(env: HostEnvironment): string[] | undefined {
  const found = hostCertificates(env);
  return found === undefined ? undefined : [...rootCertificates, found.extra];
}
