import {
  CapabilityUnsupportedError,
  type CredentialRule,
  type EgressPolicy,
  InvalidOptionsError,
} from "@glovebox/core/provider";

/** E2B's network rules, in the SDK's form. */
export interface NetworkRules {
  readonly allowOut: string[];
  readonly denyOut: string[];
  readonly rules: Record<string, { readonly transform: { readonly headers: Record<string, string> } }[]>;
}

const everything = "0.0.0.0/0";

/**
 * A documentation address (RFC 5737), which no host has. It marks a sandbox that was paused, as opposed to one whose lease has
 * ended: the network rules are the only stored property of a sandbox that can be changed.
 */
const pausedMark = "192.0.2.255/32";

/** Blocked in the mode `open`: private, shared, loopback, link-local, metadata, documentation, multicast and reserved. */
const privateBlocks = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** Headers that contain credentials, in lower case. */
const credentialHeaderNames = ["authorization", "cookie", "x-api-key"];

/** No outbound traffic. */
export const closed: NetworkRules = { allowOut: [], denyOut: [everything], rules: {} };

/** No outbound traffic, for a paused sandbox. */
export const paused: NetworkRules = { ...closed, denyOut: [everything, pausedMark] };

export function isPausedMark(denyOut: readonly string[] | undefined): boolean {
  return (denyOut ?? []).includes(pausedMark);
}

/** Returns E2B's rules for a policy. Throws for rules that E2B cannot enforce. */
export function networkRules(policy: EgressPolicy): NetworkRules {
  if (policy.mode === "none") return closed;
  const rules: NetworkRules["rules"] = {};
  const add = (host: string, headers: Record<string, string>): void => {
    if (rules[host] !== undefined) throw invalid(`${host} has two credentials; E2B supports one per host`);
    // A transform leaves other headers unchanged: blank the ones that may contain a credential from inside.
    const blanks = Object.fromEntries(credentialHeaderNames.map((name) => [name, ""]));
    rules[host] = [{ transform: { headers: { ...blanks, ...headers } } }];
  };
  for (const { id, upstream, credential } of policy.models) {
    if ("authorize" in credential) {
      throw unsupported(`The model route ${id} uses ${credential.name}, which computes a credential for each request`);
    }
    const { header, scheme, secret } = credential;
    add(hostOf(upstream), { [header]: scheme === undefined ? secret.reveal() : `${scheme} ${secret.reveal()}` });
  }
  for (const rule of policy.credentials ?? []) add(credentialHost(rule), credentialHeaders(rule));
  const hosts = [...(policy.allow ?? []).map((rule) => allowedHost(rule)), ...Object.keys(rules)];
  const denied = (policy.deny ?? []).map(({ host }) => host);
  const isOpen = policy.mode === "open";
  return { allowOut: [...new Set(hosts)], denyOut: isOpen ? [...privateBlocks, ...denied] : [everything], rules };
}

/** The model URLs inside: the upstreams themselves, because E2B adds the credentials. */
export function modelUrls(policy: EgressPolicy | undefined): Record<string, string> {
  if (policy === undefined || policy.mode === "none") return {};
  return Object.fromEntries(policy.models.map(({ id, upstream }) => [id, upstream]));
}

function hostOf(upstream: string): string {
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw invalid("The model's upstream must be an http or https URL without credentials");
  }
  if (url.port !== "" && url.port !== "80" && url.port !== "443")
    throw unsupportedPort(`The model's upstream ${url.host}`);
  return url.hostname;
}

function allowedHost({ host, port: onlyPort }: { readonly host: string; readonly port?: number | "any" }): string {
  const isAddress = /^[\d.]+(\/\d+)?$/.test(host);
  // E2B allows an address on every port, a name on 80 and 443.
  if (onlyPort !== undefined && !(onlyPort === "any" && isAddress)) throw unsupportedPort(`The rule for ${host}`);
  return host;
}

function credentialHost({ host, port: onlyPort, paths }: CredentialRule): string {
  if (onlyPort !== undefined && onlyPort !== 443 && onlyPort !== 80)
    throw unsupportedPort(`The credential for ${host}`);
  if (paths !== undefined)
    throw unsupported(`The credential for ${host} is limited to paths, which E2B does not support`);
  return host;
}

function credentialHeaders({ header, scheme, username, secret, headers = {} }: CredentialRule): Record<string, string> {
  const value = secret.reveal();
  const isBasic = scheme?.toLowerCase() === "basic";
  const plain = isBasic ? Buffer.from(`${username ?? "x-access-token"}:${value}`).toString("base64") : value;
  const further = Object.entries(headers).map(([name, other]) => [name, other.reveal()]);
  return { [header]: scheme === undefined ? plain : `${scheme} ${plain}`, ...Object.fromEntries(further) };
}

function unsupportedPort(rule: string): CapabilityUnsupportedError {
  return unsupported(`${rule} has a port; E2B allows names on ports 80 and 443, and addresses on every port`);
}

function unsupported(message: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(message, {
    providerId: "e2b",
    hint: "Leave it out, or choose a provider that supports it. Nothing was created.",
  });
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "e2b" });
}
