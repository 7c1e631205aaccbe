import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** Node's own certificates and the host's extra ones; absent when there are none, so that Node's defaults apply. */
export function hostCertificates(env: Readonly<Record<string, string | undefined>>): string[] | undefined {
  const extra = [env.NODE_EXTRA_CA_CERTS, env.SSL_CERT_FILE].flatMap((path) => {
    if (path === undefined || path === "") return [];
    try {
      return [readFileSync(path, "utf8")];
    } catch {
      // A stale path must not stop what works without it; where it was needed, the TLS error says so.
      return [];
    }
  });
  return extra.length === 0 ? undefined : [...rootCertificates, ...extra];
}
