import {
  type CallOptions,
  type ConnectOptions,
  SandboxNotFoundError,
  SandboxStoppedError,
} from "@glovebox/core/provider";
import type { Sandbox as InsideSandbox } from "e2b";
import { checkTtl } from "./check-spec.ts";
import type { E2bApi } from "./e2b-api.ts";
import { E2bSandbox } from "./e2b-sandbox.ts";
import { findSandbox } from "./find-sandbox.ts";
import { closed, modelUrls, networkRules } from "./network-rules.ts";
import { openSandboxDoor } from "./open-sandbox-door.ts";
import { sandboxInfo } from "./sandbox-info.ts";
import { setUpSandbox } from "./set-up-sandbox.ts";
import { startSupervisor } from "./start-supervisor.ts";

/** E2B extends a lease by connecting, though never shortens it: the least that it takes leaves it as it is. */
const leastTtlMs = 1000;

/** `SandboxProvider.connect`. */
export async function connectSandbox(api: E2bApi, id: string, options: ConnectOptions = {}): Promise<E2bSandbox> {
  const { signal, wakeForMs, egress } = options;
  if (wakeForMs !== undefined) checkTtl(wakeForMs);
  const rules = egress && networkRules(egress);
  const call: CallOptions = signal === undefined ? {} : { signal };
  const facts = await findSandbox(api, id, call);
  if (facts === undefined) throw new SandboxNotFoundError(`There is no E2B sandbox ${id}`, { providerId: "e2b" });
  const { state, rootInside } = sandboxInfo(facts);
  if (state !== "running" && wakeForMs === undefined) throw stopped(id);
  const inside = await api.call("connecting to the sandbox", call, ({ Sandbox }, opts) =>
    Sandbox.connect(id, { ...opts, timeoutMs: wakeForMs ?? leastTtlMs }),
  );
  try {
    const network = rules ?? (state === "paused" ? closed : undefined);
    await api.call("setting the sandbox up", call, async ({ Sandbox }, opts) => {
      if (network !== undefined) await Sandbox.updateNetwork(id, network, opts);
      if (wakeForMs !== undefined) await Sandbox.setTimeout(id, wakeForMs, opts);
    });
    const start = (): Promise<string | undefined> =>
      startSupervisor(api, inside, {
        ...(wakeForMs !== undefined && { ttlMs: wakeForMs, fresh: state === "stopped" }),
        ...(rootInside && { rootInside }),
        ...call,
      });
    let doorToken = await start();
    if (doorToken === undefined && wakeForMs !== undefined) {
      // Its host died before it was set up: so much as it takes to look inside.
      await setUpSandbox(api, inside, { packages: [], digest: "unfinished" }, call);
      doorToken = await start();
    }
    // It is about to stop: its supervisor goes a moment before E2B pauses it.
    if (doorToken === undefined) throw stopped(id);
    const connection = await openSandboxDoor(api, inside, doorToken, call);
    if (wakeForMs !== undefined) await connection.extend(wakeForMs, call);
    return new E2bSandbox({ api, inside, connection, doorToken, created: false, modelUrls: modelUrls(egress) });
  } catch (error) {
    if (state !== "running") await putBack(api, inside);
    throw error;
  }
}

/** It would stop by itself at its lease's end: a failure to stop it earlier must not hide why the waking failed. */
async function putBack(api: E2bApi, { sandboxId }: InsideSandbox): Promise<void> {
  await api.call("pausing the sandbox", {}, ({ Sandbox }, call) => Sandbox.pause(sandboxId, call)).catch(() => {});
}

function stopped(id: string): SandboxStoppedError {
  return new SandboxStoppedError(`The E2B sandbox ${id} does not run`, {
    providerId: "e2b",
    hint: "Its files are there: connect with wakeForMs to start it.",
  });
}
