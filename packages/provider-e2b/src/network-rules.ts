import {
  CapabilityUnsupportedError,
  type CredentialRule,
  type EgressPolicy,
  InvalidOptionsError,
} from "@glovebox/core/provider";

/** E2B's network rules, as the SDK takes them at create and for a sandbox that runs. */
export interface NetworkRules {
  readonly allowOut: string[];
  readonly denyOut: string[];
  readonly rules: Record<string, { readonly transform: { readonly headers: Record<string, string> } }[]>;
}

const everything = "0.0.0.0/0";

/**
 * An address for documentation (RFC 5737), which is nobody's: of the things that E2B keeps of a sandbox, the rules are the one
 * that can be changed, so that they say whether somebody paused it or its lease has ended.
 */
const pausedMark = "192.0.2.255/32";

/** What `open` leaves out: private, shared, loopback, link-local, metadata, documentation, multicast and reserved. */
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

/** What carries a credential, in lower case. */
const credentialHeaderNames = ["authorization", "cookie", "x-api-key"];

/** Nothing goes out. */
export const closed: NetworkRules = { allowOut: [], denyOut: [everything], rules: {} };

/** Nothing goes out of what somebody has paused. */
export const paused: NetworkRules = { ...closed, denyOut: [everything, pausedMark] };

export function isPausedMark(denyOut: readonly string[] | undefined): boolean {
  return (denyOut ?? []).includes(pausedMark);
}

/** E2B's rules for a policy. Throws for what they cannot enforce. */
export function networkRules(policy: EgressPolicy): NetworkRules {
  if (policy.mode === "none") return closed;
  const rules: NetworkRules["rules"] = {};
  const add = (host: string, headers: Record<string, string>): void => {
    if (rules[host] !== undefined) throw invalid(`${host} has two credentials, and E2B's rules take one for a host`);
    // A transform replaces the headers that it names and leaves the others: a credential from inside would go along.
    const blanks = Object.fromEntries(credentialHeaderNames.map((name) => [name, ""]));
    rules[host] = [{ transform: { headers: { ...blanks, ...headers } } }];
  };
  for (const {
    upstream,
    credential: { header, scheme, secret },
  } of policy.models) {
    add(hostOf(upstream), { [header]: scheme === undefined ? secret.reveal() : `${scheme} ${secret.reveal()}` });
  }
  for (const rule of policy.credentials ?? []) add(credentialHost(rule), credentialHeaders(rule));
  const hosts = [...(policy.allow ?? []).map((rule) => allowedHost(rule)), ...Object.keys(rules)];
  const denied = (policy.deny ?? []).map(({ host }) => host);
  const isOpen = policy.mode === "open";
  return { allowOut: [...new Set(hosts)], denyOut: isOpen ? [...privateBlocks, ...denied] : [everything], rules };
}

/** The model's API as a program inside reaches it: E2B adds the credential at the upstream itself. */
export function modelUrls(policy: EgressPolicy | undefined): Record<string, string> {
  if (policy === undefined || policy.mode === "none") return {};
  return Object.fromEntries(policy.models.map(({ id, upstream }) => [id, upstream]));
}

function hostOf(upstream: string): string {
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "") {
    throw invalid("The model's upstream is not a plain http or https URL");
  }
  if (url.port !== "" && url.port !== "80" && url.port !== "443") throw port(`The model's upstream ${url.host}`);
  return url.hostname;
}

function allowedHost({ host, port: only }: { readonly host: string; readonly port?: number | "any" }): string {
  const isAddress = /^[\d.]+(\/\d+)?$/.test(host);
  // An address is open on every port by E2B's rules, a name on 80 and 443.
  if (only !== undefined && !(only === "any" && isAddress)) throw port(`The rule for ${host}`);
  return host;
}

function credentialHost({ host, port: only, paths }: CredentialRule): string {
  if (only !== undefined && only !== 443 && only !== 80) throw port(`The credential for ${host}`);
  if (paths !== undefined)
    throw unsupported(`The credential for ${host} is for some paths, and E2B's rules know no paths`);
  return host;
}

function credentialHeaders({ header, scheme, username, secret, headers = {} }: CredentialRule): Record<string, string> {
  const value = secret.reveal();
  const isBasic = scheme?.toLowerCase() === "basic";
  const plain = isBasic ? Buffer.from(`${username ?? "x-access-token"}:${value}`).toString("base64") : value;
  const further = Object.entries(headers).map(([name, other]) => [name, other.reveal()]);
  return { [header]: scheme === undefined ? plain : `${scheme} ${plain}`, ...Object.fromEntries(further) };
}

function port(what: string): CapabilityUnsupportedError {
  return unsupported(
    `${what} names a port, and E2B's rules know none: a name is open on 80 and 443, an address on every port`,
  );
}

function unsupported(message: string): CapabilityUnsupportedError {
  return new CapabilityUnsupportedError(message, {
    providerId: "e2b",
    hint: "Leave it out, or choose a provider that can. Nothing was created.",
  });
}

function invalid(message: string): InvalidOptionsError {
  return new InvalidOptionsError(message, { providerId: "e2b" });
}
