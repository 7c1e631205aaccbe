import type { IncomingMessage } from "node:http";
import type { Secret } from "@glovebox/core/provider";
import { ApiError } from "../api-error.ts";
import { equalSecrets } from "../sandboxes/state/equal-secrets.ts";

/** Which of the keys a request carries, by its place among them. Throws 401. */
export function authenticate({ headers }: IncomingMessage, keys: readonly Secret[]): number {
  const header = headers["x-api-key"];
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1];
  const key = typeof header === "string" ? header : bearer;
  if (key === undefined) throw new ApiError(401, "Missing API key: send it as X-API-Key");
  // Every key is compared, so that the time does not tell which one is near.
  const matching = keys.map((wanted) => equalSecrets(key, wanted.reveal()));
  const index = matching.indexOf(true);
  if (index === -1) throw new ApiError(401, "Invalid API key");
  return index;
}
