import { SandboxError } from "../../errors/index.ts";
import type { Template } from "../../provider/template.ts";
import type { RunContext } from "../context/run-context.ts";
import { egressPolicy } from "../egress/egress-policy.ts";
import { networkPolicyEvent } from "../egress/network-policy-event.ts";
import { RunSandbox } from "../sandbox/run-sandbox.ts";
import { sandboxFacts } from "../sandbox/sandbox-facts.ts";
import { sandboxSpec } from "../sandbox/sandbox-spec.ts";
import { updateRecord } from "../state/run-record.ts";
import { forkSnapshot } from "./fork-snapshot.ts";
import type { Prepared } from "./prepare-stage.ts";
import { takeOverSandbox } from "./take-over-sandbox.ts";

export type Created =
  | { readonly sandbox: RunSandbox }
  /** `mayExist`: the provider may have made a sandbox although it returned no handle. */
  | { readonly sandbox: undefined; readonly error: unknown; readonly mayExist: boolean };

/**
 * Creates the run's sandbox, from a snapshot if it is a fork, or takes over that of the run it continues. What it may reach is fixed here, now that the
 * template's own registries are known. After an ambiguous failure the same idempotency key finds the sandbox that was made
 * instead of making another.
 */
export async function createStage(run: RunContext, { template, isolation }: Prepared): Promise<Created> {
  const { spec, cancellation, reporter, monitor } = run;
  reporter.enter("creating");
  const egress = egressPolicy(spec, run.model.route, template);
  reporter.emit(networkPolicyEvent(egress));
  if (spec.rootInside) {
    reporter.warn(
      "root-inside",
      "The sandbox has a root user: the agent can become root in it, and reach its supervisor",
    );
  }
  const signal = cancellation.stopping;
  let mayExist = false;
  const facts = sandboxFacts(spec, { template, isolation, egress });
  const create = async (from: Template) => {
    try {
      const options = { signal, egressObserver: monitor.observer };
      return await spec.provider.create({ ...sandboxSpec(run, egress), template: from }, options);
    } catch (error) {
      mayExist ||= !SandboxError.isInstance(error) || error.mayHaveCreated;
      throw error;
    }
  };
  try {
    updateRecord(run.runDirectory, { sandboxFacts: facts });
    const takenOver = await takeOverSandbox(run, { facts, egress });
    const snapshot = await forkSnapshot(run, facts);
    const from = snapshot ?? template;
    const handle = takenOver ?? (await reporter.retry("creating the sandbox", () => create(from), signal));
    const isTakenOver = takenOver !== undefined;
    const sandbox = new RunSandbox(run, { handle, egress, isTakenOver, isFilled: isTakenOver || from === snapshot });
    reporter.emit({
      type: "sandbox.created",
      providerId: handle.providerId,
      sandboxId: handle.id,
      expiresAt: sandbox.leaseEndsAt.toISOString(),
    });
    return { sandbox };
  } catch (error) {
    return { sandbox: undefined, error, mayExist };
  }
}
