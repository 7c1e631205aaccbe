import { workspaceDir } from "@glovebox/core/provider";
import { rejectsWith } from "../../asserts/rejects-with.ts";
import type { ConformanceCase } from "../../conformance-case.ts";

export const notClaimed: ConformanceCase = {
  name: "optional/not-claimed",
  title: "Rejects a terminal, endpoint, watch, pause or snapshot that is not claimed as unsupported",
  requires: ({ pty, endpoint, watch, pause, snapshot }) => !(pty && endpoint && watch && pause && snapshot),
  async run({ shared, capabilities }) {
    const sandbox = await shared();
    const calls = {
      pty: () => sandbox.pty(["node"], { columns: 80, rows: 24 }),
      endpoint: () => sandbox.endpoint(8080),
      watch: () => sandbox.watch(workspaceDir),
      pause: () => sandbox.pause(),
      snapshot: () => sandbox.snapshot(),
    } satisfies Partial<Record<keyof typeof capabilities, () => Promise<unknown>>>;
    for (const [name, call] of Object.entries(calls)) {
      if (capabilities[name as keyof typeof calls]) continue;
      await rejectsWith("capability-unsupported", call(), name);
    }
    if (!capabilities.pty) await rejectsWith("capability-unsupported", sandbox.attachTerminal("any", 0), "pty");
  },
};
