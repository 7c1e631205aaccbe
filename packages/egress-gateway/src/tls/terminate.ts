import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import type { SecureContext, TLSSocket } from "node:tls";
import { canonicalHost } from "@glovebox/core/network";
import { EgressRefusal } from "../egress-refusal.ts";
import { InsideTlsSocket } from "./inside-tls-socket.ts";

/**
 * Ends TLS from inside under a certificate for the host; resolves with the plain stream once the handshake is done.
 * Rejects with an EgressRefusal when another server is asked for, or when the handshake fails.
 */
export function terminate(
  inside: Duplex,
  host: string,
  secureContext: SecureContext,
  timeoutMs: number,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const refuse = (decision: "denied" | "failed", reason: string): void => {
      clearTimeout(timer);
      reject(new EgressRefusal(decision, 200, reason));
      // An alert that is on its way may still go; the stream's end follows.
      setImmediate(() => inside.destroy());
    };
    const timer = setTimeout(() => refuse("failed", "the TLS handshake took too long"), timeoutMs);
    const otherName = "the TLS hello names another server than the tunnel's";
    const secured = new InsideTlsSocket(inside, {
      isServer: true,
      secureContext,
      ALPNProtocols: ["http/1.1"],
      SNICallback: (name, done) => {
        if (canonicalHost(name) === host) return done(null, secureContext);
        refuse("denied", otherName);
        done(new Error(otherName));
      },
    });
    secured.on("error", (error: NodeJS.ErrnoException) => {
      const code = error.code ?? "unknown error";
      refuse("failed", `the TLS handshake with the sandbox failed (${code}); it may not trust this run's certificate`);
    });
    secured.once("close", () =>
      refuse("failed", "the sandbox broke off the TLS handshake; it may not trust this run's certificate"),
    );
    secured.once("secure", () => {
      const { servername } = secured as { servername?: string | false };
      if (isIP(host) === 0 && !servername) return refuse("denied", "the TLS hello names no server");
      clearTimeout(timer);
      resolve(secured);
    });
  });
}
