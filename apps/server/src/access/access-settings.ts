import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { hostName } from "./network/host-names.ts";
import { isLoopback } from "./network/is-loopback.ts";
import { TrustedProxies } from "./network/trusted-proxies.ts";

const role = z.enum(["viewer", "runner", "admin"]);

const oidcSchema = z.strictObject({
  issuer: z.url({ protocol: /^https?$/ }),
  clientId: z.string().min(1),
  /** What the login button says. Default: the issuer's host. */
  name: z.string().min(1).optional(),
  scopes: z.array(z.string().min(1)).optional(),
  /** The claim that decides the role: a text or a list of texts. */
  roleClaim: z.string().min(1).optional(),
  /** The role for each value of the claim. A user with several values has the one that may do most. */
  roles: z.record(z.string(), role).optional(),
  /** For users whose claim has none of these values. Absent: they are refused. */
  defaultRole: role.optional(),
});

/** The settings of access in the server's configuration file. */
export const accessFileShape = {
  allowedHosts: z.array(z.string().min(1)).optional(),
  trustedProxies: z.array(z.string().min(1)).optional(),
  publicUrl: z.url({ protocol: /^https?$/ }).optional(),
  previewDomain: z.string().min(1).optional(),
  oidc: oidcSchema.optional(),
};

type AccessFile = z.infer<z.ZodObject<typeof accessFileShape>>;

/** How users log in by an OpenID provider. */
export type OidcSettings = z.infer<typeof oidcSchema>;

/** Who can reach a server, and by which names. */
export interface AccessSettings {
  /** Names by which the server may be addressed, beside those of loopback and the address that it listens on. */
  readonly allowedHosts: readonly string[];
  /** Addresses and blocks of reverse proxies whose `X-Forwarded-*` headers count. */
  readonly trustedProxies: readonly string[];
  /** The address of the server for its users, without a slash at the end. Absent: the address that it listens on. */
  readonly publicUrl?: string;
  /** Its subdomains are previews of ports. Absent: there are none. */
  readonly previewDomain?: string;
  readonly oidc?: OidcSettings;
}

/** Checks the settings of access. Throws `invalid-options` for an address that would carry keys unencrypted. */
export function resolveAccess(file: AccessFile, listener: { host: string; hasTls: boolean }): AccessSettings {
  const { allowedHosts = [], trustedProxies = [], oidc } = file;
  const isLocal = isLoopback(listener.host);
  checkAddress(listener, trustedProxies);
  for (const name of allowedHosts) checkName(name, "--allowed-host");
  if (file.previewDomain !== undefined) checkName(file.previewDomain, "--preview-domain");
  const publicUrl = file.publicUrl === undefined ? undefined : checkPublicUrl(file.publicUrl);
  const previewDomain = file.previewDomain ?? (isLocal ? "preview.localhost" : undefined);
  const names = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  return {
    allowedHosts: [...allowedHosts, ...names],
    trustedProxies,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(previewDomain !== undefined && { previewDomain: previewDomain.toLowerCase() }),
    ...(oidc !== undefined && { oidc }),
  };
}

function checkAddress({ host, hasTls }: { host: string; hasTls: boolean }, trustedProxies: readonly string[]): void {
  const isEncrypted = hasTls || !new TrustedProxies(trustedProxies).isEmpty;
  if (isEncrypted || isLoopback(host)) return;
  throw new InvalidOptionsError(`On ${host} others can connect, and plain HTTP would carry their keys unencrypted`, {
    hint: "Pass --tls-cert and --tls-key, or --trusted-proxy with the address of the reverse proxy that has the TLS.",
  });
}

function checkName(name: string, option: string): void {
  if (hostName(name) === name.toLowerCase()) return;
  throw new InvalidOptionsError(`Invalid host name "${name}"`, { hint: `${option} takes a name without a port.` });
}

function checkPublicUrl(text: string): string {
  const { protocol, hostname, pathname, search, hash, origin } = new URL(text);
  if (pathname !== "/" || search !== "" || hash !== "") {
    throw new InvalidOptionsError(`The public URL ${text} has a path`, {
      hint: "Pass the origin alone: https://name.",
    });
  }
  if (protocol !== "https:" && !isLoopback(hostname)) {
    throw new InvalidOptionsError(`The public URL ${text} is not encrypted`, { hint: "It must begin with https://." });
  }
  return origin;
}
