import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { assertShut } from "./assert-shut.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, routeTo } from "./policies.ts";

export const noneIsShut: ConformanceCase = {
  name: "egress/none-is-shut",
  title: "Blocks all egress in the mode none, even to a model: TCP, UDP, DNS, IPv6 and the proxy",
  requires: ({ egress }) => egress.modes.includes("none"),
  async run(context) {
    await using server = await HostServer.start(context);
    const rule = { host: server.host, port: server.port, source: "the suite" };
    const egress = { mode: "none", models: [routeTo(server, freshSecret())], allow: [rule] } as const;
    const sandbox = await context.create({ egress });
    assert.deepEqual(sandbox.modelUrls, {});
    await assertShut(sandbox, server);
    const answer = await ask(sandbox, server.url);
    assert.notEqual(answer.body, "reached");
    assert.equal(server.connections, 0);
    assert.equal((await (await fetch(server.url)).text()) === "reached", true, "the server was there");
  },
};
