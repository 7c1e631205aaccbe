import { ApiError } from "./api-error.ts";

/**
 * The platform tells its reasons in words alone: these are the ones it is known to use. What is none of them is
 * `unavailable` and carries the platform's own words.
 */
const known: readonly (readonly [RegExp, (words: string) => ApiError])[] = [
  [
    /no such image|image .*not found|manifest unknown|unknown image/i,
    (words) =>
      new ApiError("template", `The image cannot be started: ${words}`, {
        hint: "Name an image of the Worker's configuration, or deploy it again.",
      }),
  ],
  [
    /snapshot/i,
    (words) =>
      new ApiError("template", `The snapshot cannot be started: ${words}`, {
        hint: "The platform keeps snapshots for 30 days, and only for the image that they were made from.",
      }),
  ],
  [
    /max(imum)?[ _]?(number of )?(running )?(container )?instances|exceeded|quota|limit/i,
    (words) =>
      new ApiError("quota", `The account's limit of containers is reached: ${words}`, {
        hint: "Destroy sandboxes that are not needed, take a smaller instance type, or ask Cloudflare for more.",
      }),
  ],
  [
    /no container instance|capacity|provision/i,
    (words) =>
      new ApiError("unavailable", `The platform has no container free: ${words}`, {
        hint: "Try again, or another location.",
        retryAfterMs: 5000,
      }),
  ],
  [
    /not (allowed|enabled|entitled)|workers paid|plan/i,
    (words) =>
      new ApiError("quota", `The account's plan does not allow it: ${words}`, {
        hint: "Containers need the Workers Paid plan.",
      }),
  ],
];

/** The refusal for a container that did not start. */
export function startFailure(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  const words = cause instanceof Error ? cause.message : String(cause);
  for (const [pattern, refusal] of known) if (pattern.test(words)) return refusal(words);
  return new ApiError("unavailable", `The container did not start: ${words}`, {
    cause,
    hint: "The image needs /bin/sh, sha256sum, setpriv and Node 20.19 or newer.",
  });
}
