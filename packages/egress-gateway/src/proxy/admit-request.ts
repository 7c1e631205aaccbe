import type { IncomingMessage } from "node:http";
import type { CredentialRule } from "@glovebox/core/provider";
import { EgressRefusal } from "../egress-refusal.ts";
import { holdsCredential } from "../policy/credential-query.ts";
import type { HostRules } from "../policy/host-rules.ts";
import { isPlainPath, pathAllowed } from "../policy/path-allowed.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { type InnerTarget, type ProxyRequest, readRequest } from "./read-request.ts";

/** A request that may go out, with the credential that it gets there. */
export interface AdmittedRequest extends ProxyRequest {
  readonly credential: CredentialRule | undefined;
}

/** Reads a request and decides on it; what is known of it goes into the entry. Throws an EgressRefusal. */
export function admitRequest(
  request: IncomingMessage,
  inner: InnerTarget | undefined,
  rules: HostRules,
  entry: AuditEntry,
): AdmittedRequest {
  if (inner !== undefined) entry.target = { host: inner.host, port: inner.port };
  const requested = readRequest(request, inner);
  const { host, port, path } = requested;
  entry.target = { host, port };
  // The values of parameters in a path are kept no more than a query is.
  entry.path = path.split("?", 1)[0]?.replace(/((?:;|%3b)[^=/;]*=)[^/;]*/gi, "$1***");
  const decision = rules.decide(entry.target);
  entry.rule = decision.rule;
  if (!decision.allowed) throw new EgressRefusal("denied", 403, decision.reason, decision.advice);
  if (decision.credential !== undefined) checkCredential(requested, request.method ?? "", decision.credential);
  return { ...requested, credential: decision.credential };
}

/** A request to the host of a credential must be one that its rule is for. */
function checkCredential(requested: ProxyRequest, method: string, rule: CredentialRule): void {
  const refuse = (reason: string): never => {
    throw new EgressRefusal("denied", 403, reason);
  };
  if (requested.secure !== (rule.tls !== false)) {
    refuse(`${requested.host} has a credential: it is reached over ${rule.tls === false ? "http" : "https"} alone`);
  }
  const [path = ""] = requested.path.split("?", 1);
  if (rule.guarded !== false) {
    // It is answered with the request as the host has it, the credential included.
    if (/^(?:TRACE|TRACK|DEBUG)$/i.test(method))
      refuse(`${requested.host} has a credential: ${method} is not passed on`);
    if (holdsCredential(path, requested.path.slice(path.length))) {
      refuse(`${requested.host} gets its credential outside: the query may not hold one`);
    }
  }
  if (!isPlainPath(path, rule.paths !== undefined)) refuse("the path is not in its plain form");
  if (!pathAllowed(rule.paths, method, path)) {
    refuse(`${method} ${path} is not among the requests that a run may make`);
  }
}
