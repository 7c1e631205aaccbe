import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type CredentialRule, type EgressPolicy, Secret } from "@glovebox/core/provider";
import { cleanup, type Fixture, listen, loopback, startGateway } from "./gateway-fixture.ts";
import { serverCertificate } from "./server-certificate.ts";

export const run = promisify(execFile);
export const secret = "glpat-the-real-one";
export const certificate = serverCertificate("git.test");

export function directory(): string {
  const created = mkdtempSync(join(tmpdir(), "glovebox-test-"));
  cleanup(() => rmSync(created, { recursive: true }));
  return created;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export const echo: Handler = (request, response) => {
  response.setHeader("set-cookie", "session=1");
  response.setHeader("x-echo", String(request.headers["private-token"] ?? request.headers.authorization));
  response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers }));
};

interface Setup extends Partial<CredentialRule> {
  readonly handler?: Handler;
  readonly policy?: Partial<EgressPolicy>;
}

/** A host over TLS whose requests get a credential, and what a client inside needs to trust. */
export async function credentialHost({ handler = echo, policy = {}, ...own }: Setup = {}) {
  const site = await listen(createHttpsServer(certificate, handler));
  const files = directory();
  writeFileSync(join(files, "outside.pem"), certificate.cert);
  const rule: CredentialRule = {
    host: "git.test",
    port: site,
    header: "private-token",
    secret: new Secret("GIT_TOKEN", secret),
    source: "test",
    ...own,
  };
  const fixture = await startGateway(
    { credentials: [rule], ...policy, allow: [loopback(site), ...(policy.allow ?? [])] },
    { env: { NODE_EXTRA_CA_CERTS: join(files, "outside.pem") } },
  );
  const ca = join(files, "inside.pem");
  writeFileSync(ca, (await fixture.gateway.certificate()) ?? "");
  return { ...fixture, site, ca, curl: curlOf(fixture, ca) };
}

export function curlOf({ url }: Fixture, ca: string) {
  return async (...args: string[]) =>
    (
      await run("curl", ["-sS", "-i", "--suppress-connect-headers", "-x", url, "--cacert", ca, ...args], {
        maxBuffer: 64 * 1024 * 1024,
      })
    ).stdout;
}
