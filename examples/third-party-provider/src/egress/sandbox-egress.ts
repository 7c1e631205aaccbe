import type { EgressObserver, EgressPolicy } from "@glovebox/core/provider";
import { createGateway, sandboxEnvironment } from "@glovebox/egress-gateway";
import { type ConfigureRequest, egressPort, type SupervisorConnection, supervisorPaths } from "@glovebox/supervisor";
import { hostCertificates } from "./host-certificates.ts";

/** Where programs inside find the gateway: the supervisor's loopback port. */
const origin = `http://127.0.0.1:${egressPort}`;

/** What goes out of one sandbox, and what the sandbox is told about it. */
export interface SandboxEgress {
  readonly modelUrls: Readonly<Record<string, string>>;
  /** The variables and the certificates that the sandbox needs to find its way out. */
  configuration(): Promise<Pick<ConfigureRequest, "baseEnv" | "certificates">>;
  serve(connection: SupervisorConnection): void;
  close(): Promise<void>;
}

/** Opens the way out of a sandbox: the gateway runs in this process, and serves what the supervisor hands over. */
export function openEgress(
  policy: EgressPolicy,
  observer: EgressObserver | undefined,
  env: Readonly<Record<string, string>> = {},
): SandboxEgress {
  if (policy.mode === "none") return closedEgress;
  const gateway = createGateway({ policy, ...(observer && { observer }) });
  return {
    modelUrls: gateway.modelUrls(origin),
    configuration: async () => {
      const host = hostCertificates();
      const own = await gateway.certificate();
      const certificates = [host, own].filter(Boolean).join("\n");
      const caBundle = certificates === "" ? {} : { caBundle: supervisorPaths.certificates };
      const baseEnv = without(sandboxEnvironment({ policy, origin, ...caBundle }), env);
      return { baseEnv, ...(certificates !== "" && { certificates }) };
    },
    serve: (connection) => connection.serveEgress((socket) => gateway.handle(socket)),
    close: () => gateway.close(),
  };
}

const closedEgress: SandboxEgress = {
  modelUrls: {},
  configuration: async () => ({ baseEnv: {} }),
  // Refused at once: a program inside would wait long for an answer that nobody is there to give.
  serve: (connection) => connection.serveEgress((socket) => socket.destroy()),
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
