import { CapabilityUnsupportedError } from "../../errors/index.ts";
import type { Capabilities } from "../../provider/capabilities.ts";
import type { EgressPolicy } from "../../provider/egress-policy.ts";
import type { RunSpec } from "../run-spec.ts";

/** Throws `capability-unsupported` for the first thing asked for that the provider cannot enforce here and now. */
export function assertCapabilities(spec: RunSpec, egress: EgressPolicy, capabilities: Capabilities): void {
  const missing = [
    ...missingFeatures(spec, capabilities),
    ...missingLimits(spec, capabilities),
    ...missingEgress(egress, capabilities),
  ];
  const problem = missing[0];
  if (problem === undefined) return;
  throw new CapabilityUnsupportedError(`${spec.provider.id} ${problem} here`, {
    providerId: spec.provider.id,
    hint: "Leave it out, or choose a provider that can. Nothing was created.",
  });
}

function* missingFeatures(spec: RunSpec, capabilities: Capabilities): Generator<string> {
  if (spec.base?.kind === "image" && !capabilities.templates.image) yield "cannot start from an image";
  if (spec.base?.kind === "dockerfile" && !capabilities.templates.dockerfile) yield "cannot build a Dockerfile";
  if ((spec.mounts?.length ?? 0) > 0 && !capabilities.mounts) yield "cannot mount directories of the host";
  if (spec.interactive && !capabilities.pty) yield "cannot give the harness a terminal";
  if (spec.rootInside && !capabilities.rootInside) yield "cannot give the sandbox a root of its own";
}

function* missingLimits(spec: RunSpec, capabilities: Capabilities): Generator<string> {
  const limits = Object.keys(capabilities.resources) as (keyof Capabilities["resources"])[];
  for (const limit of limits) {
    if (spec.resources?.[limit] !== undefined && !capabilities.resources[limit])
      yield `cannot enforce the limit ${limit}`;
  }
}

function* missingEgress(policy: EgressPolicy, { egress }: Capabilities): Generator<string> {
  if (!egress.modes.includes(policy.mode)) {
    yield `cannot enforce the network mode ${policy.mode}, but ${egress.modes.join(" and ")},`;
  }
  const { allow = [], credentials = [] } = policy;
  if (allow.length > 0 && !egress.hosts) yield "cannot allow single hosts";
  if (allow.some((rule) => rule.port !== undefined) && !egress.ports) yield "cannot enforce the port of a host";
  if (credentials.length > 0 && !egress.credentials) yield "cannot add credentials outside the sandbox";
  if (credentials.some((rule) => rule.paths !== undefined) && !egress.paths) {
    yield "cannot keep a credential to the paths of its rule";
  }
  if (policy.budget !== undefined && !egress.metering) yield "cannot enforce a limit of cost";
}
