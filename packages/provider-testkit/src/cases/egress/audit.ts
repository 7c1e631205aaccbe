import assert from "node:assert/strict";
import type { EgressEvent } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow, narrowMode, routeTo } from "./policies.ts";

export const audit: ConformanceCase = {
  name: "egress/audit",
  title: "Reports every allowed or refused request once, without query, body or credential",
  requires: (capabilities) => capabilities.egress.audit && narrowMode(capabilities) !== undefined,
  async run(context) {
    await using server = await HostServer.start(context);
    const secret = freshSecret();
    const events: EgressEvent[] = [];
    const egress = narrow(context.capabilities, { models: [routeTo(server, secret)] });
    const sandbox = await context.create({ egress }, { egressObserver: { onRequest: (event) => events.push(event) } });
    const url = sandbox.modelUrls.model ?? "";
    const request = { method: "POST", body: "the-body", headers: { "x-api-key": "from-inside" }, direct: true };
    await ask(sandbox, `${url}/v1/messages?the-query`, request);
    await ask(sandbox, `${url}/v1/files?the-query`, request);
    const reported = events.map(({ host, port, routeId, method, decision, status }) => ({
      host,
      port,
      routeId,
      method,
      decision,
      status,
    }));
    const common = { host: server.host, port: server.port, routeId: "model", method: "POST" };
    assert.deepEqual(reported, [
      { ...common, decision: "allowed", status: 200 },
      { ...common, decision: "denied", status: 403 },
    ]);
    assert.deepEqual([events[0]?.path, events[1]?.path?.endsWith("/v1/files")], ["/v1/messages", true]);
    assert.ok((events[0]?.responseBytes ?? 0) >= "reached".length, "bytes are counted");
    assert.ok(events[1]?.reason, "a refusal has its reason");
    const all = JSON.stringify(events);
    for (const part of ["the-query", "the-body", "from-inside", secret.reveal()]) assert.ok(!all.includes(part), part);
  },
};
