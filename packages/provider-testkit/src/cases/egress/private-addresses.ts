import assert from "node:assert/strict";
import type { HostRule } from "@glovebox/core/provider";
import type { ConformanceCase } from "../../conformance-case.ts";
import { ask } from "./ask.ts";
import { HostServer } from "./host-server.ts";
import { narrow } from "./policies.ts";

export const privateAddresses: ConformanceCase = {
  name: "egress/private-addresses",
  title: "Blocks private addresses unless a rule names them: also in the mode open, and by a name that resolves to one",
  requires: ({ egress }) => egress.hosts && egress.ports,
  async run(context) {
    // A loopback address of the gateway's side: the most private there is.
    await using server = await HostServer.start({ options: { ...context.options, hostAddress: "127.0.0.1" } });
    const { port } = server;
    const rule = (host: string): HostRule => ({ host, port, source: "the suite" });
    const forms = ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"];
    if (context.capabilities.egress.modes.includes("open")) {
      const open = await context.create({ egress: { mode: "open", models: [] } });
      for (const host of [...forms, "169.254.169.254", "10.0.0.1", context.options.hostAddress ?? "192.168.0.1"]) {
        const { status, body } = await ask(open, `http://${host}:${port}/`);
        assert.ok(body !== "reached" && (status === undefined || status >= 400), `${host} answered ${status}`);
      }
    }
    const named = await context.create({ egress: narrow(context.capabilities, { allow: [rule("localhost")] }) });
    for (const host of forms) assert.notEqual((await ask(named, `http://${host}:${port}/`)).body, "reached", host);
    assert.deepEqual(server.seen, []);
    const allow = [rule("localhost"), rule("127.0.0.0/8")];
    const both = await context.create({ egress: narrow(context.capabilities, { allow }) });
    assert.equal(
      (await ask(both, `http://localhost:${port}/`)).body,
      "reached",
      "a rule names the block that it leads to",
    );
  },
};
