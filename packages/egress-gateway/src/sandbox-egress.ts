import type { Duplex } from "node:stream";
import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { createGateway } from "./gateway.ts";
import { loopbackPorts } from "./policy/loopback-ports.ts";
import { sandboxEnvironment } from "./sandbox-environment.ts";

/** How the egress of a sandbox is opened. */
export interface SandboxEgressOptions {
  readonly policy: EgressPolicy;
  readonly observer?: EgressObserver;
  /** The gateway as the sandbox sees it: `http://127.0.0.1:47821`. */
  readonly origin: string;
  /** Where the certificates of {@link SandboxConfiguration} will lie in the sandbox, beside the public ones, as one PEM file. */
  readonly caBundle: string;
  /** What the host trusts beyond the public certificates, as PEM: the sandbox is to trust it too. */
  readonly hostCertificates: () => string | undefined;
  /** The user's own variables, which win over the gateway's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What a sandbox needs so that its programs use the gateway. */
export interface SandboxConfiguration {
  readonly baseEnv: Readonly<Record<string, string>>;
  /** To be trusted inside beside the public ones, as PEM. */
  readonly certificates?: string;
  /** Ports of loopback that the policy's rules name: there the host's loopback is meant, elsewhere the sandbox's own. */
  readonly hostPorts: readonly number[] | "any";
}

/** The egress proxy of one sandbox, with the configuration that the sandbox needs for it. */
export interface SandboxEgress {
  /** The base URL of each model route as a process inside reaches it, by the route's id. */
  readonly modelUrls: Readonly<Record<string, string>>;
  configuration(): Promise<SandboxConfiguration>;
  /** Serves a byte stream that comes from inside the sandbox. */
  handle(socket: Duplex): void;
  /** Ends everything in flight, then resolves. Idempotent. */
  close(): Promise<void>;
}

/** Opens the egress proxy of a sandbox. Does no I/O. A policy that cannot work is `invalid-options`. */
export function openSandboxEgress(options: SandboxEgressOptions): SandboxEgress {
  const { policy, observer, origin, env = {} } = options;
  if (policy.mode === "none") return closedEgress;
  const gateway = createGateway({ policy, ...(observer && { observer }) });
  return {
    modelUrls: gateway.modelUrls(origin),
    configuration: async () => {
      const found = [options.hostCertificates(), await gateway.certificate()];
      const certificates = found.filter(Boolean).join("\n");
      const caBundle = certificates === "" ? {} : { caBundle: options.caBundle };
      const baseEnv = without(sandboxEnvironment({ policy, origin, ...caBundle }), env);
      const hostPorts = loopbackPorts(policy);
      return { baseEnv, hostPorts, ...(certificates !== "" && { certificates }) };
    },
    handle: (socket) => gateway.handle(socket),
    close: () => gateway.close(),
  };
}

const closedEgress: SandboxEgress = {
  modelUrls: {},
  configuration: async () => ({ baseEnv: {}, hostPorts: [] }),
  // Refused at once: a program inside would wait for a response that never comes.
  handle: (socket) => void socket.destroy(),
  close: async () => {},
};

/** Without what the user has set in either case: programs disagree on which of the two holds. */
function without(
  variables: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
): Record<string, string> {
  const own = new Set(Object.keys(env).map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !own.has(name.toLowerCase())));
}
