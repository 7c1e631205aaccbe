import assert from "node:assert/strict";
import type { CredentialRule } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { assertSecretOutside } from "./assert-secret-outside.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow } from "./policies.ts";

export const credentialHost: ConformanceCase = {
  name: "egress/credential-host",
  title: "Adds a host's credential, and drops any from inside, only to requests that its rule names",
  requires: ({ egress }) => egress.credentials,
  async run(context) {
    const { egress } = context.capabilities;
    await using server = await HostServer.start(context);
    const secret = freshSecret();
    const credential: CredentialRule = {
      host: server.host,
      port: server.port,
      tls: false,
      header: "authorization",
      scheme: "Bearer",
      secret,
      ...(egress.paths && { paths: [{ method: "GET", path: "/packages/*" }] }),
      source: "the suite",
    };
    const sandbox = await context.create({ egress: narrow(context.capabilities, { credentials: [credential] }) });
    const headers = { authorization: "Bearer from-inside", "x-api-key": "from-inside", cookie: "session=from-inside" };
    const answer = await ask(sandbox, `${server.url}/packages/one`, { headers });
    assert.deepEqual(answer, { status: 200, body: "reached" });
    assert.equal(server.seen[0]?.headers.authorization, `Bearer ${secret.reveal()}`);
    assert.ok(!JSON.stringify(server.seen).includes("from-inside"), "a credential from inside was forwarded");
    const others = [
      ["GET", "/admin"],
      ["DELETE", "/packages/one"],
      ["GET", "/packages/../admin"],
    ] as const;
    for (const [method, path] of egress.paths ? others : []) {
      const { status } = await ask(sandbox, `${server.url}${path}`, { method });
      assert.ok(status !== undefined && status >= 400, `${method} ${path} answered ${status}`);
    }
    if (!egress.paths) return await assertSecretOutside(sandbox, secret.reveal());
    const connected = await ask(sandbox, server.url, { method: "CONNECT", direct: false });
    assert.ok(!connected.body?.includes("reached"), "it is never tunnelled");
    assert.equal(server.seen.length, 1, "what is refused never leaves");
    await assertSecretOutside(sandbox, secret.reveal());
  },
};
