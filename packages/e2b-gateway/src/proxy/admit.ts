import type { IncomingMessage } from "node:http";
import { envdPort } from "../envd-version.ts";
import type { GatewaySandbox } from "../sandboxes/gateway-sandbox.ts";
import { equalSecrets } from "../sandboxes/state/equal-secrets.ts";
import { trafficTokenHeader } from "./forwarded-headers.ts";
import { ProxyError } from "./proxy-error.ts";
import type { SandboxTarget } from "./sandbox-target.ts";
import { isSignedFile } from "./signed-file-target.ts";

/** Throws `ProxyError` for a request that lacks the token of a sandbox without public traffic. Envd has a token of its own. */
export function admit(request: IncomingMessage, sandbox: GatewaySandbox, { port }: SandboxTarget): void {
  if (port === envdPort) {
    // Envd itself would say so; but a sandbox that sleeps is not woken for whoever may not come in.
    if (!sandbox.isRunning && !mayWake(request, sandbox)) throw ProxyError.notFound(sandbox.id);
    return;
  }
  const wanted = sandbox.trafficToken;
  if (wanted === undefined) return;
  const header = request.headers[trafficTokenHeader];
  const isPresent = typeof header === "string" && header !== "";
  if (!isPresent || !equalSecrets(header, wanted))
    throw ProxyError.noTrafficToken(sandbox.id, trafficTokenHeader, isPresent);
}

function mayWake(request: IncomingMessage, { envdToken }: GatewaySandbox): boolean {
  const header = request.headers["x-access-token"];
  if (envdToken === undefined || isSignedFile(request)) return true;
  return typeof header === "string" && equalSecrets(header, envdToken);
}
