import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate that a test's own server shows, and trusts itself: made by the machine's openssl. */
export function serverCertificate(...names: string[]): { readonly cert: string; readonly key: string } {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-cert-"));
  const alt = names.map((name) => (/^[\d.]+$/.test(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
  try {
    const files = ["-keyout", join(directory, "key.pem"), "-out", join(directory, "cert.pem")];
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
    const subject = ["-subj", "/CN=test", "-addext", `subjectAltName=${alt}`];
    execFileSync("openssl", ["req", "-x509", "-days", "1", ...key, ...files, ...subject], { stdio: "ignore" });
    return {
      cert: readFileSync(join(directory, "cert.pem"), "utf8"),
      key: readFileSync(join(directory, "key.pem"), "utf8"),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
