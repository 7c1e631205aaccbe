import {
  CapabilityUnsupportedError,
  type CreateOptions,
  SandboxError,
  type SandboxSpec,
} from "@glovebox/core/provider";
import type { SupervisorConnection } from "@glovebox/supervisor";
import type Docker from "dockerode";
import { checkSpec, checkTemplate } from "./container/check-spec.ts";
import { containerOptions } from "./container/container-options.ts";
import { type CreatedContainer, createContainer } from "./container/create-container.ts";
import type { EngineFacts } from "./container/engine-facts.ts";
import { execConnect } from "./container/exec-connect.ts";
import { checkLabels } from "./container/labels.ts";
import { type Limits, resolveLimits } from "./container/limits.ts";
import { resolveMounts } from "./container/mounts.ts";
import { openRoot } from "./container/open-root.ts";
import { readBack } from "./container/read-back.ts";
import { removeContainer } from "./container/remove-container.ts";
import { startContainer } from "./container/start-container.ts";
import type { DockerHost } from "./docker-host.ts";
import { DockerSandbox } from "./docker-sandbox.ts";
import { openEgress } from "./egress/open-egress.ts";

export interface CreateSandboxContext {
  readonly host: DockerHost;
  readonly runtime: string | undefined;
}

/** `SandboxProvider.create`. */
export async function createSandbox(
  { host, runtime }: CreateSandboxContext,
  spec: SandboxSpec,
  { signal, egressObserver }: CreateOptions = {},
): Promise<DockerSandbox> {
  checkTemplate(spec.template, spec.rootInside === true);
  const [engine, { limits, mounts }] = await Promise.all([host.engine(), planSandbox({ host, runtime }, spec, signal)]);
  const egress = openEgress(spec.egress, egressObserver, spec.env);
  let container: CreatedContainer | undefined;
  let connection: SupervisorConnection | undefined;
  try {
    container = await createContainer(engine, containerOptions({ spec, limits, mounts, runtime }), signal);
    // Made while the engine starts the container, which takes longer.
    const configuration = egress.configuration();
    // What fails first is what is told.
    configuration.catch(() => {});
    if (spec.rootInside && !container.earlier) {
      await openRoot(engine, { id: container.id, templateDigest: spec.template.digest, signal });
    }
    connection = await reach(engine, container, signal);
    const configured = connection.configure({ env: spec.env, ...(await configuration) }, { ...(signal && { signal }) });
    const leased = container.earlier && connection.extend(spec.ttlMs, { ...(signal && { signal }) });
    await Promise.all([configured, leased, readBack(connection, limits, signal)]);
    return new DockerSandbox({ engine, id: container.id, connection, created: true, egress });
  } catch (error) {
    await Promise.all([connection?.close(), egress.close()]);
    throw container === undefined ? error : await undo(engine, container, error);
  }
}

export interface SandboxPlan {
  readonly limits: Limits;
  readonly mounts: Docker.MountConfig;
}

/** What a spec comes to on this engine. Throws for what cannot be done, and makes nothing. */
export async function planSandbox(
  { host, runtime }: CreateSandboxContext,
  spec: Omit<SandboxSpec, "template">,
  signal: AbortSignal | undefined,
): Promise<SandboxPlan> {
  checkSpec(spec);
  checkLabels(spec.labels);
  const facts = await host.facts({ signal });
  checkRuntime(runtime, facts);
  const limits = resolveLimits(spec.resources ?? {}, facts);
  const mounts = await resolveMounts(spec.mounts ?? [], {
    engineIsLocal: await host.isLocal(),
    enginePaths: await host.ownPaths(),
  });
  return { limits, mounts };
}

/** A connection to the supervisor of the container, started where it does not run. */
function reach(
  engine: Docker,
  { id, earlier }: CreatedContainer,
  signal: AbortSignal | undefined,
): Promise<SupervisorConnection> {
  return earlier?.status === "running" ? execConnect(engine, id, signal) : startContainer(engine, id, signal);
}

/** Removes what a failed create has made. What an earlier one made may hold work, so it stays and the error says so. */
async function undo(engine: Docker, { id, earlier }: CreatedContainer, error: unknown): Promise<unknown> {
  const left = earlier
    ? true
    : await removeContainer(engine, id).then(
        () => false,
        () => true,
      );
  if (!left || !SandboxError.isInstance(error)) return error;
  return new SandboxError(error.code, error.message, {
    providerId: "docker",
    retryable: error.retryable,
    mayHaveCreated: true,
    hint: `The container ${id} is left; \`glovebox rm\` removes it.`,
    cause: error,
  });
}

function checkRuntime(runtime: string | undefined, facts: EngineFacts): void {
  if (runtime === undefined || facts.runtimes.includes(runtime)) return;
  throw new CapabilityUnsupportedError(`The Docker engine has no runtime called ${runtime}`, {
    providerId: "docker",
    hint: `It has ${facts.runtimes.join(", ")}. Install ${runtime} on the engine's host and add it to its daemon.json.`,
  });
}
