import type { CloudSpec } from "@glovebox/core/harness";
import type { ModelAccount } from "@glovebox/core/provider";
import { bedrockAccount, bedrockRegion } from "./bedrock/bedrock-account.ts";
import type { HostVariables } from "./host-variables.ts";
import { vertexAccount, vertexPlace, vertexUpstream } from "./vertex/vertex-account.ts";

/** How a run reaches its models through a cloud: what the run's `credential` is. */
export interface CloudCredential {
  readonly variable: string;
  readonly account: ModelAccount;
  readonly upstream: string;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Returns the credential for a cloud from the host's variables. `upstream`: the cloud's address where the host moves it. Does no I/O.
 * Throws `invalid-options` for a region or a project that is missing or invalid.
 */
export function cloudCredential(
  cloud: CloudSpec,
  env: HostVariables,
  { upstream }: { readonly upstream?: string | undefined } = {},
): CloudCredential {
  const passed = Object.fromEntries(
    cloud.hostVariables.flatMap((name) => {
      const value = env[name];
      return value === undefined || value === "" ? [] : [[name, value] as const];
    }),
  );
  const base = { variable: cloud.variable };
  if (cloud.id === "amazon-bedrock") {
    const region = bedrockRegion(env);
    return {
      ...base,
      account: bedrockAccount(env),
      upstream: upstream ?? `https://bedrock-runtime.${region}.amazonaws.com`,
      environment: { ...passed, AWS_REGION: region },
    };
  }
  const place = vertexPlace(env);
  return {
    ...base,
    account: vertexAccount(place),
    upstream: upstream ?? vertexUpstream(place),
    environment: { ...passed, ANTHROPIC_VERTEX_PROJECT_ID: place.projectId, CLOUD_ML_REGION: place.region },
  };
}

/** The first of a harness's clouds that the host's variables choose. */
export function chosenCloud(clouds: readonly CloudSpec[] | undefined, env: HostVariables): CloudSpec | undefined {
  return clouds?.find(({ variable }) => {
    const value = env[variable]?.trim().toLowerCase();
    return value !== undefined && !["", "0", "false", "no", "off"].includes(value);
  });
}
