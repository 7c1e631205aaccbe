import { type DeadlineOptions, withDeadline as withKitDeadline } from "@glovebox/provider-kit";
import { dockerIdentity } from "../docker-identity.ts";
import { mapEngineError } from "../engine/engine-error.ts";

/** The kit's `withDeadline` for an operation of an engine, whose failures are mapped. */
export async function withDeadline<T>(
  options: Omit<DeadlineOptions, "provider">,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  try {
    return await withKitDeadline({ provider: dockerIdentity, ...options }, run);
  } catch (error) {
    throw mapEngineError(error, options.operation);
  }
}
