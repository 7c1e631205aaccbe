import { type CallOptions, dropUndefined, SandboxStoppedError } from "@glovebox/core/provider";
import type { StartOptions } from "@glovebox/provider-kit";
import type { Sandbox, SandboxInfo } from "e2b";
import type { E2bApi } from "../api/e2b-api.ts";
import { closed, networkRules } from "../network/network-rules.ts";
import { setUpSandbox } from "../supervisor/set-up-sandbox.ts";
import { startSupervisor } from "../supervisor/start-supervisor.ts";
import type { SandboxAccess, SandboxSession } from "./sandbox-access.ts";
import { sandboxInfo } from "./sandbox-info.ts";

/** E2B extends a lease on connect but never shortens it: its minimum leaves the lease unchanged. */
const minTtlMs = 1000;

/** The access to a sandbox that `connect` found. */
export function foundAccess(api: E2bApi, facts: SandboxInfo): SandboxAccess {
  const { sandboxId: id } = facts;
  const { state, rootInside } = sandboxInfo(facts);
  const connect = (timeoutMs: number, call: CallOptions): Promise<Sandbox> =>
    api.call("connecting to the sandbox", call, ({ Sandbox }, options) =>
      Sandbox.connect(id, { ...options, timeoutMs }),
    );

  return {
    async open(call): Promise<SandboxSession> {
      const handle = await connect(minTtlMs, call);
      const token = await startSupervisor(api, handle, { rootInside, ...call });
      // The supervisor exits shortly before E2B pauses the sandbox.
      if (token === undefined) throw stopped(id);
      return { handle, token };
    },
    async start({ ttlMs, egress, signal }: StartOptions): Promise<SandboxSession> {
      const call = dropUndefined({ signal });
      const handle = await connect(ttlMs, call);
      const network = egress ? networkRules(egress) : state === "paused" ? closed : undefined;
      await api.call("starting the sandbox", call, async ({ Sandbox }, options) => {
        if (network !== undefined) await Sandbox.updateNetwork(id, network, options);
        await Sandbox.setTimeout(id, ttlMs, options);
      });
      const start = (): Promise<string | undefined> =>
        startSupervisor(api, handle, { ttlMs, fresh: state !== "paused", rootInside, ...call });
      let token = await start();
      if (token === undefined) {
        // Its creator was killed before it was set up. Install the minimum, so that its files can be read.
        await setUpSandbox(api, handle, { packages: [], digest: "unfinished" }, call);
        token = await start();
      }
      if (token === undefined) throw stopped(id);
      return { handle, token };
    },
    async undoStart(): Promise<void> {
      if (state === "running") return;
      await api.call("pausing the sandbox", {}, ({ Sandbox }, options) => Sandbox.pause(id, options));
    },
  };
}

function stopped(id: string): SandboxStoppedError {
  return new SandboxStoppedError(`The E2B sandbox ${id} is not running`, {
    providerId: "e2b",
    hint: "Its files are kept: connect with wakeForMs to start it.",
  });
}
