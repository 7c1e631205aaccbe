import { readOwner } from "@glovebox/core";
import {
  InvalidOptionsError,
  ownerLabel,
  runLabel,
  type SandboxInfo,
  SandboxNotFoundError,
  type SandboxProvider,
} from "@glovebox/core/provider";
import { Hono } from "hono";
import type { RunService } from "../runs/run-service.ts";

/** `/v1/sandboxes`: those of the runs of this state folder, and no other's. */
export function sandboxRoutes(provider: SandboxProvider, service: RunService, home: string): Hono {
  const app = new Hono();
  const own = async (signal: AbortSignal): Promise<readonly SandboxInfo[]> => {
    const found: SandboxInfo[] = [];
    for await (const info of provider.list({ labels: { [ownerLabel]: readOwner(home) } }, { signal })) found.push(info);
    return found;
  };
  const find = async (id: string, signal: AbortSignal): Promise<SandboxInfo> => {
    const info = (await own(signal)).find((one) => one.id === id);
    if (info === undefined) throw new SandboxNotFoundError(`There is no sandbox ${id} of a run of this server`);
    return info;
  };
  app.get("/", async (context) => context.json({ sandboxes: await own(context.req.raw.signal) }));
  app.get("/:id", async (context) => context.json(await find(context.req.param("id"), context.req.raw.signal)));
  app.delete("/:id", async (context) => {
    const { id, labels } = await find(context.req.param("id"), context.req.raw.signal);
    const runId = labels[runLabel] ?? "";
    const runs = await service.store.list();
    if (runs.some((one) => one.runId === runId && one.isAlive)) {
      throw new InvalidOptionsError(`The run ${runId} goes on in this sandbox`, { hint: "Cancel the run." });
    }
    await provider.destroy(id, { signal: context.req.raw.signal });
    return context.body(null, 204);
  });
  return app;
}
