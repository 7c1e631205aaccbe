import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow, narrowMode, routeTo } from "./policies.ts";

export const takenOver: ConformanceCase = {
  name: "egress/taken-over",
  title: "Blocks egress while no host serves it or a connection brings no policy, and restores it with one",
  requires: (capabilities) => narrowMode(capabilities) !== undefined,
  async run(context) {
    await using server = await HostServer.start(context);
    const egress = narrow(context.capabilities, { models: [routeTo(server, freshSecret())] });
    const first = await context.create({ egress });
    const url = `${first.modelUrls.model}/v1/messages`;
    const post = { method: "POST", followsNoProxy: true };
    assert.equal((await ask(first, url, post)).body, "reached");
    await first.close();
    const watching = await context.newProvider().connect(first.id);
    assert.deepEqual(watching.modelUrls, {});
    assert.notEqual((await ask(watching, url, post)).body, "reached", "nobody serves it");
    await watching.close();
    const next = freshSecret();
    const second = await context.newProvider().connect(first.id, {
      egress: narrow(context.capabilities, { models: [routeTo(server, next)] }),
    });
    const again = await ask(second, `${second.modelUrls.model}/v1/messages`, post);
    await second.close();
    assert.equal(again.body, "reached");
    assert.equal(server.seen.length, 2);
    assert.equal(server.seen[1]?.headers["x-api-key"], next.reveal());
  },
};
