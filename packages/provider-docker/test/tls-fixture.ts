import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll } from "vitest";

/**
 * A loopback address of this host that is no loopback to the programs inside: they leave 127.0.0.1 alone, and ask the proxy
 * for this one.
 */
export const hostAddress = "127.0.0.2";

export interface TlsServer {
  readonly port: number;
  readonly url: string;
  close(): Promise<void>;
}

export interface TlsFixture {
  readonly directory: string;
  /** The certificate of the authority that this file's servers have theirs from, in PEM. This process trusts it. */
  authority(): string;
  serve(listener: RequestListener): Promise<TlsServer>;
  /** Does something while this process does not trust the authority. */
  withoutTrust<T>(use: () => Promise<T>): Promise<T>;
}

/** Servers with certificates of an authority that this process trusts as a company's: by `SSL_CERT_FILE`. */
export function tlsFixture(): TlsFixture {
  let directory = "";
  const before = process.env.SSL_CERT_FILE;
  const fixture: TlsFixture = {
    get directory() {
      return directory;
    },
    authority: () => readFileSync(join(directory, "ca.pem"), "utf8"),
    async withoutTrust(use) {
      restore();
      try {
        return await use();
      } finally {
        process.env.SSL_CERT_FILE = join(directory, "trusted.pem");
      }
    },
    async serve(listener) {
      const read = (name: string) => readFileSync(join(directory, name));
      const server = createServer({ key: read("server.key"), cert: read("server.pem") }, listener);
      await new Promise<void>((resolve) => server.listen(0, hostAddress, resolve));
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      return {
        port,
        url: `https://${hostAddress}:${port}`,
        close: async () => {
          server.closeAllConnections();
          await new Promise((resolve) => server.close(resolve));
        },
      };
    },
  };
  const restore = (): void => {
    if (before === undefined) delete process.env.SSL_CERT_FILE;
    else process.env.SSL_CERT_FILE = before;
  };
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "glovebox-tls-"));
    const openssl = execa({ cwd: directory });
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    await openssl("openssl", ["req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=A company"]);
    const names = ["-addext", `subjectAltName=IP:${hostAddress},DNS:localhost`, "-subj", "/CN=server"];
    const signed = ["-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "basicConstraints=CA:FALSE"];
    await openssl("openssl", [
      "req",
      "-x509",
      ...key,
      ...signed,
      "-keyout",
      "server.key",
      "-out",
      "server.pem",
      ...names,
    ]);
    const others = before === undefined ? "" : readFileSync(before, "utf8");
    writeFileSync(join(directory, "trusted.pem"), `${others}\n${fixture.authority()}`);
    process.env.SSL_CERT_FILE = join(directory, "trusted.pem");
  });
  afterAll(() => {
    restore();
    rmSync(directory, { recursive: true });
  });
  return fixture;
}
