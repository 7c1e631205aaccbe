import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { HostServer } from "./host-server.ts";
import { narrow } from "./policies.ts";

export const hosts: ConformanceCase = {
  name: "egress/hosts",
  title: "Reaches an allowed host at its port and no other, through the proxy in the environment",
  requires: ({ egress }) => egress.hosts && egress.ports,
  async run(context) {
    await using allowed = await HostServer.start(context);
    await using other = await HostServer.start(context);
    const { host } = allowed;
    const allow = [{ host, port: allowed.port, source: "the suite" }];
    const sandbox = await context.create({ egress: narrow(context.capabilities, { allow }) });
    assert.deepEqual(await ask(sandbox, `${allowed.url}/path?query`), { status: 200, body: "reached" });
    assert.equal(allowed.seen[0]?.path, "/path?query");
    assert.equal(allowed.seen[0]?.headers.host, `${host}:${allowed.port}`);
    const { status } = await ask(sandbox, other.url);
    assert.ok(status === undefined || status >= 400, `another port of the host answered ${status}`);
    assert.deepEqual(other.seen, []);
    const usual = await context.create({
      egress: narrow(context.capabilities, { allow: [{ host, source: "the suite" }] }),
    });
    const refused = await ask(usual, allowed.url);
    assert.notEqual(refused.body, "reached", "a rule without a port is for 80 and 443");
    assert.equal(allowed.seen.length, 1);
  },
};
