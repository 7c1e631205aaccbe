import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { hostName } from "../../access/network/host-names.ts";

/** The settings of automatic certificates in the server's configuration file. */
export const acmeFileShape = {
  acmeDomains: z.array(z.string().min(1)).optional(),
  acmeEmail: z.email().optional(),
  acmeAgreeToTerms: z.boolean().optional(),
  acmeDirectory: z.url({ protocol: /^https$/ }).optional(),
  acmeHttpPort: z.number().int().min(1).max(65_535).optional(),
};

type AcmeFile = z.infer<z.ZodObject<typeof acmeFileShape>>;

/** How a server gets its certificate from an authority that speaks ACME (RFC 8555). */
export interface AcmeSettings {
  /** The names of the certificate. */
  readonly domains: readonly string[];
  /** Where the authority writes to when a certificate is about to expire. */
  readonly email?: string;
  /** The address of the authority's directory. */
  readonly directory: string;
  /** Where the server answers the authority, which asks port 80 of each name. */
  readonly httpPort: number;
}

const letsEncrypt = "https://acme-v02.api.letsencrypt.org/directory";
const defaultHttpPort = 80;

/** Checks the settings of automatic certificates. Returns `undefined` where no domain is named. */
export function resolveAcme(file: AcmeFile): AcmeSettings | undefined {
  const { acmeDomains: domains = [], acmeEmail: email } = file;
  if (domains.length === 0) {
    const option = Object.keys(acmeFileShape).find((name) => file[name as keyof AcmeFile] !== undefined);
    if (option === undefined || option === "acmeDomains") return undefined;
    throw new InvalidOptionsError("Automatic certificates need a name", { hint: "Add --acme-domain." });
  }
  for (const name of domains) {
    if (hostName(name) === name.toLowerCase() && name.includes(".") && !/^[\d.]+$/.test(name)) continue;
    throw new InvalidOptionsError(`Invalid domain "${name}"`, {
      hint: "--acme-domain takes the full name of this server, without a port and without a wildcard.",
    });
  }
  if (file.acmeAgreeToTerms !== true) {
    throw new InvalidOptionsError("The authority issues certificates only to those who agree to its terms", {
      hint: "Read them, and add --acme-agree-to-terms.",
    });
  }
  return {
    domains: [...new Set(domains.map((name) => name.toLowerCase()))],
    ...(email !== undefined && { email }),
    directory: file.acmeDirectory ?? letsEncrypt,
    httpPort: file.acmeHttpPort ?? defaultHttpPort,
  };
}
