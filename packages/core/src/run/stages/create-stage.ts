import { SandboxError } from "../../errors/index.ts";
import type { Template } from "../../provider/template.ts";
import type { Execution } from "../execution.ts";

/** Creates the run's sandbox. After an ambiguous failure the same key finds what was made instead of making a second one. */
export async function createStage(execution: Execution, template: Template): Promise<void> {
  const { spec, stopSwitch } = execution;
  execution.enter("creating");
  execution.settleEgress(template);
  const sandboxSpec = { ...execution.sandboxSpec, template };
  if (spec.rootInside) {
    execution.warn(
      "root-inside",
      "The sandbox has a root of its own: the agent can become root in it, and reach its supervisor",
    );
  }
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
