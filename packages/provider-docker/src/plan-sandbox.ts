import {
  type CallOptions,
  CapabilityUnsupportedError,
  InvalidOptionsError,
  type Template,
} from "@glovebox/core/provider";
import { imageRepositories, type PrepareTemplateOptions } from "@glovebox/image-builder";
import type { CheckedSpec } from "@glovebox/provider-kit";
import type Docker from "dockerode";
import type { EngineFacts } from "./container/engine-facts.ts";
import { type Limits, resolveLimits } from "./container/limits.ts";
import { resolveMounts } from "./container/mounts/mounts.ts";
import type { DockerHost } from "./docker-host.ts";

export interface DockerContext {
  readonly host: DockerHost;
  /** The engine's runtime for sandboxes; its default when undefined. */
  readonly runtime: string | undefined;
  /** How images are built. */
  readonly image: Pick<PrepareTemplateOptions, "base" | "cacheDir" | "consent">;
}

/** A spec in the engine's terms. */
export interface SandboxPlan {
  readonly limits: Limits;
  readonly mounts: Docker.MountConfig;
  /** Whether the engine accepts our list of system calls. */
  readonly ownSeccomp: boolean;
}

/** Works out what a spec means on this engine. Throws for what it cannot do, and makes nothing. */
export async function planSandbox(
  { host, runtime }: DockerContext,
  spec: CheckedSpec,
  { signal }: CallOptions,
): Promise<SandboxPlan> {
  if (spec.template !== undefined) checkTemplate(spec.template, spec.rootInside === true);
  const facts = await host.facts({ signal });
  checkRuntime(runtime, facts);
  const limits = resolveLimits(spec.resources ?? {}, facts);
  const mounts = await resolveMounts(spec.mounts ?? [], {
    engineIsLocal: await host.isLocal(),
    enginePaths: await host.ownPaths(),
  });
  return { limits, mounts, ownSeccomp: facts.takesSeccompProfile };
}

function checkTemplate({ reference }: Template, rootInside: boolean): void {
  if (rootInside || !reference.startsWith(`${imageRepositories.rootSnapshot}:`)) return;
  throw new InvalidOptionsError(
    "The template is a snapshot of a sandbox with a root inside, and makes only sandboxes with one",
    { providerId: "docker" },
  );
}

function checkRuntime(runtime: string | undefined, facts: EngineFacts): void {
  if (runtime === undefined || facts.runtimes.includes(runtime)) return;
  throw new CapabilityUnsupportedError(`The Docker engine has no runtime called ${runtime}`, {
    providerId: "docker",
    hint: `It has ${facts.runtimes.join(", ")}. Install ${runtime} on the engine's host and add it to its daemon.json.`,
  });
}
