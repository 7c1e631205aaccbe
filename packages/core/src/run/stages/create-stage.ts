import { SandboxError } from "../../errors/index.ts";
import { ownerLabel, runLabel, type SandboxSpec } from "../../provider/sandbox.ts";
import type { Template } from "../../provider/template.ts";
import type { Execution } from "../execution.ts";

/** Creates the run's sandbox. After an ambiguous failure the same key finds what was made instead of making a second one. */
export async function createStage(execution: Execution, template: Template): Promise<void> {
  const { spec, stopSwitch } = execution;
  execution.enter("creating");
  const sandboxSpec = specOf(execution, template);
  const sandbox = await execution.retry(
    "creating the sandbox",
    async () => {
      try {
        return await spec.provider.create(sandboxSpec, {
          signal: stopSwitch.stopping,
          egressObserver: execution.egressObserver,
        });
      } catch (error) {
        execution.mayHaveSandbox ||= !SandboxError.isInstance(error) || error.mayHaveCreated;
        throw error;
      }
    },
    stopSwitch.stopping,
  );
  execution.sandbox = sandbox;
  execution.emit({
    type: "sandbox.created",
    providerId: sandbox.providerId,
    sandboxId: sandbox.id,
    expiresAt: new Date(Date.now() + execution.leaseMs).toISOString(),
  });
}

function specOf(execution: Execution, template: Template): SandboxSpec {
  const { spec, runId } = execution;
  const env = Object.entries(spec.env ?? {}).map(([name, value]) => [
    name,
    typeof value === "string" ? value : value.reveal(),
  ]);
  return {
    template,
    labels: { ...spec.labels, [ownerLabel]: execution.options.owner, [runLabel]: runId },
    ttlMs: execution.leaseMs,
    env: Object.fromEntries(env),
    egress: { mode: "sealed", models: [execution.options.model.route] },
    idempotencyKey: runId,
    ...(spec.resources === undefined ? {} : { resources: spec.resources }),
    ...(spec.mounts === undefined ? {} : { mounts: spec.mounts }),
    ...(spec.rootInside === undefined ? {} : { rootInside: spec.rootInside }),
  };
}
