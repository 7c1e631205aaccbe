import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { addressScope } from "@glovebox/core/network";
import { InvalidOptionsError } from "@glovebox/core/provider";
import type { CloneRules } from "./clone-rules.ts";

/** Where a repository is fetched from. */
export interface RepositoryAddress {
  readonly url: string;
  readonly protocol: "https" | "ssh";
  /** Options of git that hold the connection to the addresses that were checked. */
  readonly settings: readonly string[];
}

/**
 * Checks the URL of a repository. Only https passes, and ssh to hosts that the worker's configuration names; the host has to be one that
 * anyone on the internet may reach, or be named in the configuration. Git connects to the addresses that were checked.
 */
export async function repositoryAddress(
  text: string,
  { privateHosts, sshHosts }: CloneRules,
): Promise<RepositoryAddress> {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== "https:" && url.protocol !== "ssh:")) {
    throw new InvalidOptionsError("workspace.git.url must be an https URL");
  }
  const protocol = url.protocol === "ssh:" ? "ssh" : "https";
  const host = url.hostname.replace(/^\[|\]$/g, "");
  if (protocol === "ssh" && !sshHosts.includes(host)) {
    throw new InvalidOptionsError(`This server does not clone from ${host} over SSH`);
  }
  if (url.password !== "" || (protocol === "https" && url.username !== "")) {
    throw new InvalidOptionsError("workspace.git.url must not hold a user name or a password");
  }
  if (protocol === "ssh") return { url: url.href, protocol, settings: ["-c", "protocol.ssh.allow=always"] };
  const addresses = await addressesOf(host);
  const refused = privateHosts.includes(host) ? undefined : addresses.find((one) => addressScope(one) !== undefined);
  if (refused !== undefined) {
    throw new InvalidOptionsError(`This server does not clone from ${host}: it is ${addressScope(refused)}`);
  }
  const port = url.port || "443";
  const pinned = `${host}:${port}:${addresses.map((one) => (isIP(one) === 6 ? `[${one}]` : one)).join(",")}`;
  return { url: url.href, protocol, settings: isIP(host) ? [] : ["-c", `http.curloptResolve=${pinned}`] };
}

async function addressesOf(host: string): Promise<readonly string[]> {
  if (isIP(host) !== 0) return [host];
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (cause) {
    throw new InvalidOptionsError(`The host ${host} of workspace.git.url is not known`, { cause });
  }
}
