import { BoundedProvider, readOwner } from "@glovebox/core";
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
import { jsonReply } from "./json-reply.ts";

/** `/v1/sandboxes`: the sandboxes of this state directory's runs, and no other. Each call to the provider has a deadline. */
export function sandboxRoutes(unbounded: SandboxProvider, service: RunService, home: string): Hono {
  const provider = BoundedProvider.of(unbounded);
  const app = new Hono();
  const list = async (signal: AbortSignal): Promise<readonly SandboxInfo[]> => {
    const sandboxes: SandboxInfo[] = [];
    for await (const info of provider.list({ labels: { [ownerLabel]: readOwner(home) } }, { signal })) {
      sandboxes.push(info);
    }
    return sandboxes;
  };
  const find = async (id: string, signal: AbortSignal): Promise<SandboxInfo> => {
    const info = (await list(signal)).find((one) => one.id === id);
    if (info === undefined) throw new SandboxNotFoundError(`No run of this server has a sandbox ${id}`);
    return info;
  };
  app.get("/", async (context) => jsonReply(context, { sandboxes: await list(context.req.raw.signal) }));
  app.get("/:id", async (context) => jsonReply(context, await find(context.req.param("id"), context.req.raw.signal)));
  app.delete("/:id", async (context) => {
    const { id, labels } = await find(context.req.param("id"), context.req.raw.signal);
    const runId = labels[runLabel] ?? "";
    const runs = await service.store.list();
    if (runs.some((one) => one.runId === runId && one.isAlive)) {
      throw new InvalidOptionsError(`The run ${runId} is using this sandbox`, { hint: "Cancel the run." });
    }
    await provider.destroy(id, { signal: context.req.raw.signal });
    return context.body(null, 204);
  });
  return app;
}
