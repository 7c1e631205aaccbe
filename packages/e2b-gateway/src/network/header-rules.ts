import { isIP } from "node:net";
import { type CredentialRule, type HostRule, Secret } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import { readName } from "./destination.ts";
import type { NetworkRequest } from "./network-request.ts";

/** E2B's own limits. */
const limits = { hosts: 10, hostLength: 128, rulesPerHost: 1, headers: 20, nameLength: 64, valueLength: 2048 } as const;

/**
 * The headers that requests get on their way, as rules about credentials. One is for HTTPS at port 443, and for each port that
 * a rule of `privateHosts` names for the host, there without TLS. Throws an {@link ApiError} of 400.
 */
export function headerRules(
  rules: NonNullable<NetworkRequest["rules"]>,
  privateHosts: readonly HostRule[],
): readonly CredentialRule[] {
  const hosts = Object.entries(rules);
  if (hosts.length > limits.hosts) throw new ApiError(400, `network.rules: at most ${limits.hosts} hosts`);
  return hosts.flatMap(([key, transforms]) => {
    const host = readHost(key);
    if (transforms.length > limits.rulesPerHost) throw refusal(key, "only one transform is allowed for a host");
    const headers = Object.entries(transforms[0]?.transform?.headers ?? {});
    if (headers.length === 0) return [];
    const rule = credentialRule(host, headers);
    const ports = privateHosts.flatMap((one) => (one.host === host && typeof one.port === "number" ? [one.port] : []));
    const plain = ports.filter((port) => port !== 443).map((port) => ({ ...rule, port, tls: false }));
    return [rule, ...plain];
  });
}

function readHost(key: string): string {
  const host = isIP(key) === 0 ? readName(key) : key;
  if (host === undefined || key.length > limits.hostLength) throw refusal(key, "not a name");
  if (host.startsWith("*")) throw refusal(key, "this deployment transforms requests to exact names only");
  return host;
}

function credentialRule(host: string, headers: readonly (readonly [string, string])[]): CredentialRule {
  if (headers.length > limits.headers) throw refusal(host, `at most ${limits.headers} headers`);
  const read = headers.map(([name, value]) => readHeader(host, name, value));
  const main = read.find(({ value }) => readCredential(value) !== undefined);
  const credential = main && readCredential(main.value);
  if (main === undefined || credential === undefined) {
    throw refusal(host, "the value of one header must be a word, or a scheme and a word");
  }
  const named = (name: string, value: string): Secret => new Secret(`network.rules ${host} ${name}`, value);
  const further = read.filter((one) => one !== main).map(({ name, value }) => [name, named(name, value)] as const);
  const { secret, ...form } = credential;
  return {
    host,
    header: main.name,
    ...form,
    secret: named(main.name, secret),
    ...(further.length > 0 && { headers: Object.fromEntries(further) }),
    guarded: false,
    source: "network.rules",
  };
}

interface HeaderCredential {
  readonly scheme?: string;
  readonly username?: string;
  readonly secret: string;
}

/** A header's value as the parts of a credential: a word, a scheme and a word, or `Basic` and what it encodes. */
function readCredential(value: string): HeaderCredential | undefined {
  const [, scheme, secret = ""] = /^(?:([\x21-\x7e]+) )?([\x21-\x7e]+)$/.exec(value) ?? [];
  if (secret === "") return undefined;
  if (scheme === undefined) return { secret };
  if (scheme.toLowerCase() !== "basic") return { scheme, secret };
  const [, username, password] =
    /^([\x20-\x39\x3b-\x7e]*):([\x21-\x7e]+)$/.exec(Buffer.from(secret, "base64").toString()) ?? [];
  return username === undefined || password === undefined ? undefined : { scheme, username, secret: password };
}

function readHeader(host: string, name: string, value: string): { readonly name: string; readonly value: string } {
  const isHeader = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name) && name.length <= limits.nameLength;
  if (!isHeader) throw refusal(host, `${JSON.stringify(name.slice(0, limits.nameLength))} is not a header`);
  if (/\$\{e2b\./.test(value)) throw refusal(host, "workload identity is not supported by this deployment");
  if (value.length > limits.valueLength || !/^[\x20-\x7e]*$/.test(value) || value !== value.trim()) {
    throw refusal(host, `the value of ${name} cannot be sent`);
  }
  return { name: name.toLowerCase(), value };
}

function refusal(host: string, reason: string): ApiError {
  return new ApiError(400, `network.rules ${JSON.stringify(host.slice(0, limits.hostLength))}: ${reason}`);
}
