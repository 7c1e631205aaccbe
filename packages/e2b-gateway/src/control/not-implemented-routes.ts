import { ApiError } from "../api-error.ts";
import type { ApiHandler, ApiRoutes } from "./api-request.ts";

/** What E2B has and this gateway does not: answered 501, not 404 as an unknown path is. */
const notImplemented: Readonly<Record<string, string>> = {
  "GET /secrets": "Secrets",
  "POST /secrets": "Secrets",
  "GET /secrets/{secretID}": "Secrets",
  "POST /secrets/{secretID}": "Secrets",
  "DELETE /secrets/{secretID}": "Secrets",
  "GET /volumes": "Volumes",
  "POST /volumes": "Volumes",
  "GET /volumes/{volumeID}": "Volumes",
  "DELETE /volumes/{volumeID}": "Volumes",
  "GET /teams": "Teams",
  "GET /teams/{teamID}/metrics": "Teams",
  "GET /teams/{teamID}/metrics/max": "Teams",
};

export const notImplementedRoutes: ApiRoutes = Object.fromEntries(
  Object.entries(notImplemented).map(([pattern, what]) => [pattern, refusal(what)]),
);

function refusal(what: string): ApiHandler {
  return async () => {
    throw new ApiError(501, `${what} are not supported by this gateway`);
  };
}
