import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { assertSecretOutside } from "./assert-secret-outside.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow, narrowMode, routeTo } from "./policies.ts";

export const modelRoute: ConformanceCase = {
  name: "egress/model-route",
  title: "Reaches a model with a credential that is added outside and absent inside; blocks other paths where claimed",
  requires: (capabilities) => narrowMode(capabilities) !== undefined,
  async run(context) {
    await using server = await HostServer.start(context, (_, response) => void response.writeHead(201).end("a reply"));
    const secret = freshSecret();
    const sandbox = await context.create({
      egress: narrow(context.capabilities, { models: [routeTo(server, secret)] }),
    });
    const url = sandbox.modelUrls.model;
    assert.ok(url !== undefined, "the route has an address inside");
    const headers = { "x-api-key": "from-inside", authorization: "Bearer from-inside", "x-other": "kept" };
    const answer = await ask(sandbox, `${url}/v1/messages?beta=true`, {
      method: "POST",
      headers,
      body: "{}",
      followsNoProxy: true,
    });
    assert.deepEqual(answer, { status: 201, body: "a reply" });
    const [seen] = server.seen;
    assert.deepEqual([seen?.method, seen?.path], ["POST", "/v1/messages?beta=true"]);
    assert.equal(seen?.headers["x-api-key"], secret.reveal());
    assert.equal(seen?.headers["x-other"], "kept");
    assert.ok(!JSON.stringify(seen?.headers).includes("from-inside"), "a credential from inside was forwarded");

    const others: readonly (readonly [method: string, path: string])[] = !context.capabilities.egress.paths
      ? []
      : [
          ["POST", "/v1/files"],
          ["GET", "/v1/messages"],
          ["POST", "/v1/messages/"],
          ["POST", "/v1/messages/../files"],
          ["POST", "/v1/%6dessages/../files"],
          ["POST", "/"],
        ];
    for (const [method, path] of others) {
      const { status } = await ask(sandbox, `${url}${path}`, { method, followsNoProxy: true });
      assert.ok(status === 403 || status === 405, `${method} ${path} answered ${status}`);
    }
    assert.equal(server.seen.length, 1, "what is refused never leaves");
    await assertSecretOutside(sandbox, secret.reveal());
  },
};
