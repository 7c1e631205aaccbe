import assert from "node:assert/strict";
import { budget } from "@glovebox/core";
import type { EgressPolicy, ModelUsage } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { HostServer } from "./host-server.ts";
import { freshSecret, narrow, narrowMode, routeTo } from "./policies.ts";

const reply = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "testkit-large",
  content: [{ type: "text", text: "hello" }],
  stop_reason: "end_turn",
  usage: {
    input_tokens: 1_000_000,
    output_tokens: 100_000,
    cache_read_input_tokens: 10,
    cache_creation_input_tokens: 20,
  },
};
const price = { modelPrefix: "testkit", inputUsd: 3, outputUsd: 15, cacheReadUsd: 0, cacheWriteUsd: 0 };

export const metering: ConformanceCase = {
  name: "egress/metering",
  title: "Reports the usage and cost of a model's response, and blocks requests beyond the cost limit",
  requires: (capabilities) => capabilities.egress.metering && narrowMode(capabilities) !== undefined,
  async run(context) {
    await using server = await HostServer.start(context, (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(reply));
    });
    const prices = { asOf: "2026-01-01", models: [price] };
    const route = { ...routeTo(server, freshSecret()), api: "anthropic-messages", prices } as const;
    const egress: EgressPolicy = narrow(context.capabilities, {
      models: [route],
      budget: budget({ usd: 4, strict: false }),
    });
    const usages: ModelUsage[] = [];
    let exceeded = 0;
    const onBudgetExceeded = (): void => {
      exceeded += 1;
    };
    const egressObserver = { onUsage: (usage: ModelUsage) => usages.push(usage), onBudgetExceeded };
    const sandbox = await context.create({ egress }, { egressObserver });
    const url = `${sandbox.modelUrls.model}/v1/messages`;
    const body = JSON.stringify({ model: "testkit-large", max_tokens: 10, messages: [] });
    const headers = { "content-type": "application/json" };
    const post = { method: "POST", headers, body, direct: true };
    assert.equal((await ask(sandbox, url, post)).status, 200);
    const [usage] = usages;
    assert.deepEqual(
      [usage?.model, usage?.input, usage?.output, usage?.cacheRead, usage?.cacheWrite, usage?.costUsd],
      ["testkit-large", 1_000_000, 100_000, 10, 20, 4.5],
    );
    for (let times = 0; times < 2; times += 1) {
      const { status } = await ask(sandbox, url, post);
      assert.ok(status !== undefined && status >= 400, `past the limit it answered ${status}`);
    }
    assert.deepEqual([server.seen.length, usages.length, exceeded], [1, 1, 1]);
  },
};
