import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { makeAuthority } from "@glovebox/egress-gateway";
import type { TlsSettings } from "../server-settings.ts";

export interface ServerCertificate {
  /** In PEM, with its chain. */
  readonly cert: string;
  readonly key: string;
  /** The file of the authority that clients must trust; absent for a certificate that was given. */
  readonly authorityFile?: string;
}

/**
 * The certificate that was given, or one that is made for the names below a domain. The authority is made anew with every
 * start and its key is nowhere but in memory: whoever trusts it trusts it for this domain alone.
 */
export async function serverCertificate(
  { files }: TlsSettings,
  domain: string,
  stateDir: string,
): Promise<ServerCertificate> {
  if (files !== undefined) {
    const [cert, key] = await Promise.all([readPem(files.cert), readPem(files.key)]);
    return { cert, key };
  }
  const authority = await makeAuthority([domain], "Glovebox server");
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const authorityFile = join(stateDir, "ca.pem");
  await writeFile(authorityFile, authority.certificate);
  return { ...(await authority.issue(`*.${domain}`)), authorityFile };
}

async function readPem(path: string): Promise<string> {
  return readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw new InvalidOptionsError(`${path} cannot be read (${cause.code})`, {
      hint: "--tls-cert and --tls-key.",
      cause,
    });
  });
}
