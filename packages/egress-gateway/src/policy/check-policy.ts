import { canonicalHost } from "@glovebox/core/network";
import {
  type CredentialRule,
  type EgressPolicy,
  InvalidOptionsError,
  type ModelRoute,
  type PathRule,
} from "@glovebox/core/provider";
import { isOfExchange } from "../forward-headers.ts";
import { checkBudget } from "../metering/check-budget.ts";
import { isAccount } from "../route-authorization.ts";
import { HostRules } from "./host-rules.ts";
import { isPathRule } from "./path-rule.ts";

/**
 * Throws `invalid-options` for a rule, a route, a credential or a limit of cost that cannot work: what `createGateway`
 * rejects. Has no side effects.
 */
export function checkPolicy(policy: EgressPolicy): void {
  for (const route of policy.models) checkRoute(route);
  for (const rule of policy.credentials ?? []) checkCredential(rule);
  const hosts = (policy.credentials ?? []).map(({ host, port }) => `${canonicalHost(host)}:${port ?? 443}`);
  const twice = hosts.find((host, index) => hosts.indexOf(host) !== index);
  if (twice !== undefined) throw new InvalidOptionsError(`${twice} has two credentials`, { hint: "Give one of them" });
  new HostRules(policy);
  checkBudget(policy);
}

function checkRoute({ id, upstream, credential, paths }: ModelRoute): void {
  if (!/^[a-z0-9][a-z0-9._-]*$/.test(id))
    throw new InvalidOptionsError(`Model route ${JSON.stringify(id)}: not a name`);
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.username !== "") {
    throw new InvalidOptionsError(`Model route ${id}: the upstream is not a plain http or https URL`, {
      hint: "Give it as https://host or https://host/base, without a user, a password or a query",
    });
  }
  checkPaths(paths, `Model route ${id}`);
  if (isAccount(credential)) return;
  checkHeader(credential.header, `Model route ${id}`);
  if (!/^[\x21-\x7e]+$/.test(credential.secret.reveal())) {
    throw new InvalidOptionsError(`Model route ${id}: ${credential.secret.name} is empty or holds spaces or line ends`);
  }
}

function checkCredential(rule: CredentialRule): void {
  const { host, port, tls, header, scheme, username, secret, headers = {}, source } = rule;
  const where = `Credential for ${JSON.stringify(host)} (${source})`;
  if (canonicalHost(host) === undefined) throw new InvalidOptionsError(`${where}: not an exact name or an address`);
  if (port !== undefined && !(Number.isInteger(port) && port >= 1 && port <= 65535)) {
    throw new InvalidOptionsError(`${where}: ${port} is not a port`);
  }
  if (tls === false && port === undefined) {
    throw new InvalidOptionsError(`${where}: a host without TLS needs its port`, { hint: "Name the port, 80 too" });
  }
  checkPaths(rule.paths ?? [], where);
  checkHeader(header, where);
  if (scheme !== undefined && !/^[\x21-\x7e]+$/.test(scheme)) {
    throw new InvalidOptionsError(`${where}: ${JSON.stringify(scheme)} is not a scheme`);
  }
  if (username !== undefined && !/^[\x20-\x39\x3b-\x7e]*$/.test(username)) {
    throw new InvalidOptionsError(`${where}: the user's name holds a colon or something unprintable`);
  }
  if (!/^[\x21-\x7e]+$/.test(secret.reveal())) {
    throw new InvalidOptionsError(`${where}: ${secret.name} is empty or holds spaces or line ends`);
  }
  for (const [name, value] of Object.entries(headers)) {
    checkHeader(name, where);
    if (!/^[\x20-\x7e]*$/.test(value.reveal())) {
      throw new InvalidOptionsError(`${where}: ${value.name} holds what no header can`);
    }
  }
}

function checkPaths(paths: readonly PathRule[], where: string): void {
  const wrong = paths.find(({ path }) => !isPathRule(path));
  if (wrong === undefined) return;
  throw new InvalidOptionsError(`${where}: ${JSON.stringify(wrong.path)} is not a path`, {
    hint: "Begin it with a slash, leave out the query, and use at most one star",
  });
}

function checkHeader(header: string, where: string): void {
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(header)) {
    throw new InvalidOptionsError(`${where}: ${JSON.stringify(header)} is not a header's name in lower case`);
  }
  if (isOfExchange(header) || header.startsWith("proxy-")) {
    throw new InvalidOptionsError(`${where}: the header ${header} belongs to the exchange and carries no credential`, {
      hint: "Name one such as authorization or private-token",
    });
  }
}
