import type { IncomingMessage } from "node:http";
import type { CredentialRule } from "@glovebox/core/provider";
import { EgressRefusal } from "../egress-refusal.ts";
import { holdsCredential } from "../policy/credential-query.ts";
import type { HostRules } from "../policy/host-rules.ts";
import { isPlainPath, pathAllowed } from "../policy/path-allowed.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { type AskedRequest, type InnerTarget, readRequest } from "./read-request.ts";

/** A request that may go out, with the credential that it gets there. */
export interface AdmittedRequest extends AskedRequest {
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
  const asked = readRequest(request, inner);
  const { host, port, path } = asked;
  entry.target = { host, port };
  entry.path = path.split("?", 1)[0];
  const decision = rules.decide(entry.target);
  entry.rule = decision.rule;
  if (!decision.allowed) throw new EgressRefusal("denied", 403, decision.reason, decision.hint);
  if (decision.credential !== undefined) checkCredential(asked, request.method ?? "", decision.credential);
  return { ...asked, credential: decision.credential };
}

/** A request to the host of a credential must be one that its rule is for. */
function checkCredential(asked: AskedRequest, method: string, rule: CredentialRule): void {
  const refuse = (reason: string): never => {
    throw new EgressRefusal("denied", 403, reason);
  };
  if (asked.secure !== (rule.tls !== false)) {
    refuse(`${asked.host} has a credential: it is reached over ${rule.tls === false ? "http" : "https"} alone`);
  }
  const [path = ""] = asked.path.split("?", 1);
  if (rule.guarded !== false && holdsCredential(asked.path.slice(path.length))) {
    refuse(`${asked.host} gets its credential outside: the query may not hold one`);
  }
  if (!isPlainPath(path, rule.paths !== undefined)) refuse("the path is not in its plain form");
  if (!pathAllowed(rule.paths, method, path)) {
    refuse(`${method} ${path} is not among the requests that a run may make`);
  }
}
