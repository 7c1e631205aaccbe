import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import type { SealAddress } from "../../supervisor-config.ts";

/** The addresses of the configuration with what the sandbox itself knows of its network: name servers and the API server. */
export function sealAddresses(configured: readonly SealAddress[]): readonly SealAddress[] {
  const all = [...configured, ...nameServers(), ...apiServer()];
  const byName = new Map(all.filter(isOutside).map((address) => [Object.values(address).join(" "), address]));
  return [...byName.values()];
}

/** What answers at an address of loopback is the sandbox itself. */
function isOutside({ host }: SealAddress): boolean {
  return isIP(host) !== 0 && !/^(127\.|0\.0\.0\.0$|::1?$)/.test(host);
}

function nameServers(): readonly SealAddress[] {
  const text = readText("/etc/resolv.conf");
  const hosts = [...text.matchAll(/^\s*nameserver\s+([^\s%]+)/gm)].map(([, host = ""]) => host);
  return hosts.map((host) => ({ host, port: 53, protocol: "dns" }));
}

/** Kubernetes names its API server in the environment of every container. */
function apiServer(): readonly SealAddress[] {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "443" } = process.env;
  return host === "" ? [] : [{ host, port: Number(port), protocol: "tcp" }];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
