import tls from "node:tls";

/**
 * What this host trusts beyond the public certificates, in PEM, as behind a company's proxy: a sandbox has to trust it
 * too where its traffic takes the same way. Empty where there is none, or this Node cannot tell (before 22.15).
 */
export function hostCertificates(): string {
  const known = new Set(tls.rootCertificates.map(bare));
  const found = (["system", "extra"] as const).flatMap((kind) => tls.getCACertificates?.(kind) ?? []);
  return found.filter((certificate) => !known.has(bare(certificate))).join("\n");
}

function bare(certificate: string): string {
  return certificate.replace(/\s/g, "");
}
