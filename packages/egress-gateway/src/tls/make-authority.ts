import { isIP } from "node:net";
import type { X509CertificateGenerator } from "@peculiar/x509";

/** An authority with its key, which is in memory alone and cannot be exported. */
export interface Authority {
  /** As PEM. */
  readonly certificate: string;
  /** A certificate for this host, or for the names below it (`*.example.com`), with its key, both as PEM; the certificate's chain goes with it. */
  issue(host: string): Promise<{ readonly cert: string; readonly key: string }>;
}

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const dayMs = 24 * 60 * 60 * 1000;
/** Longer than any run, and short enough that a forgotten copy is worth nothing. */
const validityMs = 30 * dayMs;

/**
 * Makes an authority that is good for the hosts, and the names below them, alone. `name` is what its certificate is called.
 * The library is loaded here: most runs never need it.
 */
export async function makeAuthority(
  hosts: readonly string[],
  name: string = "Glovebox egress gateway",
): Promise<Authority> {
  // Its dependency injection stops without this.
  await import("reflect-metadata");
  const x509 = await import("@peculiar/x509");
  const keys = await crypto.subtle.generateKey(algorithm, false, ["sign", "verify"]);
  // Clocks inside and outside may differ.
  const dates = { notBefore: new Date(Date.now() - dayMs), notAfter: new Date(Date.now() + validityMs) };
  const subject = `CN=${name}`;
  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    name: subject,
    keys,
    signingAlgorithm: algorithm,
    ...dates,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension("2.5.29.30", true, await nameConstraints(hosts)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  const certificate = ca.toString("pem");
  const issue: Authority["issue"] = async (host) => {
    const own = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    const options: Parameters<typeof X509CertificateGenerator.create>[0] = {
      subject: `CN=${name} leaf`,
      issuer: subject,
      publicKey: own.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      ...dates,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: isIP(host) === 0 ? "dns" : "ip", value: host }]),
        await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        await x509.SubjectKeyIdentifierExtension.create(own.publicKey),
      ],
    };
    const leaf = await x509.X509CertificateGenerator.create(options);
    const key = x509.PemConverter.encode(await crypto.subtle.exportKey("pkcs8", own.privateKey), "PRIVATE KEY");
    return { cert: `${leaf.toString("pem")}\n${certificate}\n`, key };
  };
  return { certificate: `${certificate}\n`, issue };
}

/** The authority cannot speak for another host, even to a client that trusts it. */
async function nameConstraints(hosts: readonly string[]): Promise<ArrayBuffer> {
  const { AsnConvert } = await import("@peculiar/asn1-schema");
  const { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } = await import("@peculiar/asn1-x509");
  const form = (host: string) =>
    isIP(host) === 0 ? { dNSName: host } : { iPAddress: `${host}/${isIP(host) === 4 ? 32 : 128}` };
  const permitted = hosts.map((host) => new GeneralSubtree({ base: new GeneralName(form(host)) }));
  return AsnConvert.serialize(new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) }));
}
