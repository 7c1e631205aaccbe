import assert from "node:assert/strict";
import { rejectsWith } from "../../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../../conformance-case.ts";

export const listThrows: ConformanceCase = {
  name: "life/list-throws",
  title:
    "Fails when a list cannot be fetched instead of returning an empty one; destroying an unreachable sandbox fails",
  whyNot: (options) => (options.unreachable === undefined ? "the option `unreachable` is not given" : undefined),
  async run({ options, shared, owner }) {
    assert.ok(options.unreachable, "It cannot be tried: give the option `unreachable`");
    const provider = options.unreachable();
    const listing = (async () => {
      const infos = [];
      for await (const info of provider.list({ labels: { "glovebox.owner": owner } })) infos.push(info);
      return infos;
    })();
    await rejectsWith(["unavailable", "timeout", "authentication"], listing, "list");
    const { id } = await shared();
    await rejectsWith(["unavailable", "timeout", "authentication"], provider.destroy(id), "destroy");
    await rejectsWith(["unavailable", "timeout", "authentication"], provider.connect(id), "connect");
    assert.equal((await provider.preflight()).ready, false, "Preflight says that it is ready");
  },
};
