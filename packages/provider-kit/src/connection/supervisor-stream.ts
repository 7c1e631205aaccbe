import type { Duplex } from "node:stream";
import { type CallOptions, dropUndefined } from "@glovebox/core/provider";
import { connectSupervisor, type SupervisorConnection } from "@glovebox/supervisor";
import type { ProviderIdentity } from "../provider-identity.ts";

/**
 * The way to the supervisor of one sandbox: a byte stream to its standard input and output, or a connection that the
 * provider has made over one itself.
 */
export type SupervisorStream = Duplex | SupervisorConnection;

/** The connection over a stream: waits for the supervisor's greeting where the provider has not. */
export async function connectStream(
  provider: ProviderIdentity,
  stream: SupervisorStream,
  { signal }: CallOptions,
): Promise<SupervisorConnection> {
  if ("whileStopped" in stream) return stream;
  return connectSupervisor(stream, dropUndefined({ providerId: provider.id, signal }));
}
