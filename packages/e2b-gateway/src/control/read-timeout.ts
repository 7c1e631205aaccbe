import { ApiError } from "../api-error.ts";
import type { GatewayLimits } from "../gateway-options.ts";

/** A time-out in milliseconds. Throws 400 for one that is longer than the gateway allows. */
export function readTimeout(seconds: number, { maxTimeoutSeconds }: Required<GatewayLimits>): number {
  if (seconds <= maxTimeoutSeconds) return Math.max(0, seconds) * 1000;
  const hours = Math.floor(maxTimeoutSeconds / 3600);
  const most = hours >= 1 && maxTimeoutSeconds % 3600 === 0 ? `${hours} hours` : `${maxTimeoutSeconds} seconds`;
  throw new ApiError(400, `Timeout cannot be greater than ${most}`);
}
