import type { CallOptions } from "@glovebox/core/provider";
import type { CreatedSandbox, PlannedSpec } from "@glovebox/provider-kit";
import { containerOptions } from "./container/container-options.ts";
import { ContainerSandbox } from "./container/container-sandbox.ts";
import { createContainer } from "./container/create-container.ts";
import { openRoot } from "./container/open-root.ts";
import { sandboxInfo } from "./container/sandbox-info.ts";
import type { DockerContext, SandboxPlan } from "./plan-sandbox.ts";

/** Makes the container of a sandbox, which the kit starts. */
export async function createSandbox(
  { host, runtime }: DockerContext,
  { spec, plan }: PlannedSpec<SandboxPlan>,
  { signal }: CallOptions,
): Promise<CreatedSandbox> {
  const engine = await host.engine();
  const { id, earlier } = await createContainer(engine, containerOptions({ spec, ...plan, runtime }), signal);
  const { template, rootInside } = spec;
  const beforeStart = rootInside
    ? (call: CallOptions) => openRoot(engine, { id, templateDigest: template.digest, ...call })
    : undefined;
  // A disk quota is the storage driver's, which the kernel shows nowhere inside.
  const { diskMiB: _, ...limits } = plan.limits;
  if (earlier === undefined) return { sandbox: new ContainerSandbox({ engine, id, beforeStart }), limits };
  return {
    sandbox: new ContainerSandbox({ engine, id, status: earlier.status }),
    existing: sandboxInfo(earlier),
    limits,
  };
}
