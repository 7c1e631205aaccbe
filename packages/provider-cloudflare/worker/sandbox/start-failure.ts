import { ApiError } from "../http/api-error.ts";

/** The platform reports reasons only as text. These are the known ones; any other is `unavailable` with the platform's text. */
const knownReasons: readonly (readonly [RegExp, (reason: string) => ApiError])[] = [
  [
    /no such image|image .*not found|manifest unknown|unknown image/i,
    (reason) =>
      new ApiError("template", `The image cannot be started: ${reason}`, {
        hint: "Use an image of the Worker's configuration, or deploy the Worker again.",
      }),
  ],
  [
    /snapshot/i,
    (reason) =>
      new ApiError("template", `The snapshot cannot be started: ${reason}`, {
        hint: "The platform keeps snapshots for 30 days, and only for the image that they were made from.",
      }),
  ],
  [
    /max(imum)?[ _]?(number of )?(running )?(container )?instances|exceeded|quota|limit/i,
    (reason) =>
      new ApiError("quota", `The account's container limit is reached: ${reason}`, {
        hint: "Destroy unused sandboxes, use a smaller instance type, or ask Cloudflare for a higher limit.",
      }),
  ],
  [
    /no container instance|capacity|provision/i,
    (reason) =>
      new ApiError("unavailable", `The platform has no free container: ${reason}`, {
        hint: "Retry, or use another location.",
        retryAfterMs: 5000,
      }),
  ],
  [
    /not (allowed|enabled|entitled)|workers paid|plan/i,
    (reason) =>
      new ApiError("quota", `The account's plan does not include this: ${reason}`, {
        hint: "Containers need the Workers Paid plan.",
      }),
  ],
];

/** Maps the failure of a container start. */
export function startFailure(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  for (const [pattern, toError] of knownReasons) if (pattern.test(reason)) return toError(reason);
  return new ApiError("unavailable", `The container did not start: ${reason}`, {
    cause,
    hint: "The image needs /bin/sh, sha256sum, setpriv and Node 20.19 or newer.",
  });
}

/** The platform's messages for a container that was not created or did not come up: nothing ran in it, and the next start may succeed. */
const neverRan = /container failed to start|monitoring container failed/i;

/** Returns whether to start a container again after this failure. One whose first process has ended would end again. */
export function isWorthAnotherStart(cause: unknown): boolean {
  return cause instanceof Error && !(cause instanceof ApiError) && neverRan.test(cause.message);
}
