import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeHostDirectory, readHostText } from "@glovebox/core/host-files";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { makeAuthority } from "@glovebox/egress-gateway";
import type { TlsSettings } from "../server-settings.ts";

export interface ServerCertificate {
  /** In PEM, with its chain. */
  readonly cert: string;
  readonly key: string;
  /** The file of the authority that clients must trust; absent for a configured certificate. */
  readonly authorityFile?: string;
}

/**
 * Returns the configured certificate, or creates one for the subdomains of a domain. Each start creates a new authority, whose
 * key stays in memory: clients that trust it trust it for this domain alone.
 */
export async function serverCertificate(
  { files }: Pick<TlsSettings, "files">,
  domain: string,
  stateDir: string,
): Promise<ServerCertificate> {
  if (files !== undefined) {
    const [cert, key] = await Promise.all([readPem(files.cert), readPem(files.key)]);
    return { cert, key };
  }
  const authority = await makeAuthority([domain], "Glovebox server");
  await makeHostDirectory(stateDir, 0o700);
  const authorityFile = join(stateDir, "ca.pem");
  await writeFile(authorityFile, authority.certificate);
  return { ...(await authority.issue(`*.${domain}`)), authorityFile };
}

async function readPem(path: string): Promise<string> {
  const text = await readHostText(path);
  if (text !== undefined) return text;
  throw new InvalidOptionsError(`${path} does not exist`, { hint: "--tls-cert and --tls-key." });
}
