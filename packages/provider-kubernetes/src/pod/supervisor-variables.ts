import {
  type PrepareConfig,
  prepareConfigVariable,
  type SealAddress,
  type SupervisorConfig,
  supervisorConfigVariable,
} from "@glovebox/supervisor";
import type { V1EnvVar } from "@kubernetes/client-node";
import type { PodOptions, SealMode } from "./pod-options.ts";
import { preparePaths } from "./pod-volumes.ts";

/** What a sealed pod must not reach; the supervisor adds the name servers and the API server that it finds. */
const addresses: readonly SealAddress[] = [
  { host: "169.254.169.254", port: 80, protocol: "tcp" },
  { host: "fd00:ec2::254", port: 80, protocol: "tcp" },
  { host: "1.1.1.1", port: 443, protocol: "tcp" },
  { host: "2606:4700:4700::1111", port: 443, protocol: "tcp" },
  { host: "8.8.8.8", port: 53, protocol: "dns" },
];

/** An image's own must reach neither the supervisor nor what prepares the pod. */
const noOptions: V1EnvVar = { name: "NODE_OPTIONS", value: "" };

export function supervisorVariables({ token, settings }: Pick<PodOptions, "token" | "settings">): V1EnvVar[] {
  const { allowTraceable = false, sealAddresses = [] } = settings;
  const sealCheck = { addresses: [...addresses, ...sealAddresses] };
  const config: SupervisorConfig = { startsAsleep: true, token, allowTraceable, sealCheck };
  return [noOptions, { name: supervisorConfigVariable, value: JSON.stringify(config) }];
}

export function prepareVariables({
  seal,
  hasTools,
}: {
  readonly seal: SealMode;
  readonly hasTools: boolean;
}): V1EnvVar[] {
  const config: PrepareConfig = { volume: preparePaths.volume, seal: seal === "init", accounts: hasTools };
  return [noOptions, { name: prepareConfigVariable, value: JSON.stringify(config) }];
}
