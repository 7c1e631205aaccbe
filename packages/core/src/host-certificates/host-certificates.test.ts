import { execFileSync } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rootCertificates } from "node:tls";
import { expect, it, onTestFinished } from "vitest";
import { hostCertificates } from "./host-certificates.ts";

it("names the certificates of a bundle beyond the public ones, each time as the file then is", () => {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-certificates-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "bundle.pem");
  const selfSigned = (name: string): string => {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "/dev/null"];
    return execFileSync("openssl", ["req", "-x509", ...key, "-subj", `/CN=${name}`], {
      encoding: "utf8",
      stdio: "pipe",
    });
  };
  const [first, second] = [selfSigned("first"), selfSigned("second")];
  const extra = () => hostCertificates({ HOME: directory, SSL_CERT_FILE: file })?.extra ?? "";
  writeFileSync(file, `${rootCertificates[0]}\n`);
  const before = extra();
  appendFileSync(file, first);
  expect(extra()).toBe(before + first);
  expect(extra()).toBe(before + first);
  writeFileSync(file, second);
  expect(extra()).toBe(before + second);
});
