import assert from "node:assert/strict";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { assertShut } from "./assert-shut.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow, narrowMode, routeTo } from "./policies.ts";

export const sealedIsShut: ConformanceCase = {
  name: "egress/sealed-is-shut",
  title: "Blocks all egress of a sealed sandbox except its model route and its hosts, with a proxy or without",
  requires: (capabilities) => narrowMode(capabilities) === "sealed" || narrowMode(capabilities) === "standard",
  async run(context) {
    await using model = await HostServer.start(context);
    await using other = await HostServer.start(context);
    const egress = narrow(context.capabilities, { models: [routeTo(model, freshSecret())] });
    const sandbox = await context.create({ egress });
    await assertShut(sandbox, other);
    const urls = [
      other.url,
      // Where the route is the model's own address, that is what is allowed.
      ...(sandbox.modelUrls.model === model.url ? [] : [`${model.url}/v1/messages`]),
      "http://example.com/",
      "http://1.1.1.1/",
      "http://169.254.169.254/",
    ];
    for (const url of urls) {
      for (const direct of [false, true]) {
        const { status } = await ask(sandbox, url, { direct, method: "POST", body: "{}" });
        assert.ok(status === undefined || status >= 400, `${url} answered ${status}`);
      }
    }
    assert.deepEqual([other.seen, model.seen], [[], []], "a program inside reached a server of this host");
  },
};
