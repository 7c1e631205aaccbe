import {
  CapabilityUnsupportedError,
  dropUndefined,
  InvalidOptionsError,
  SandboxAuthenticationError,
  SandboxError,
  type SandboxErrorOptions,
  SandboxNotFoundError,
  SandboxQuotaError,
  SandboxRateLimitedError,
  SandboxTimeoutError,
  SandboxUnavailableError,
} from "@glovebox/core/provider";
import type { ResponseError } from "./response-error.ts";

type Refusal = (message: string, options: SandboxErrorOptions, said: string) => SandboxError;

/** Maps an answer that is not a success. `operation` completes "Kubernetes failed while …". */
export function mapRefusal(error: ResponseError, operation: string): SandboxError {
  const options = { providerId: "kubernetes", cause: error };
  const said = error.message || `it answered with status ${error.status}`;
  const message = `Kubernetes failed while ${operation}: ${said}`;
  const known = byText.find(([pattern]) => pattern.test(error.message))?.[1];
  if (known !== undefined && error.isOfApiServer) return known(message, options, said);
  return byStatus(error, message, options);
}

/** What the API server gives one status for, and what only its words tell apart. */
const byText: readonly (readonly [RegExp, Refusal])[] = [
  [
    /exceeded quota:/,
    (message, options) =>
      new SandboxQuotaError(message, {
        ...options,
        hint: "The namespace's ResourceQuota is used up: remove ended sandboxes with `glovebox reap`, or ask for less.",
      }),
  ],
  [
    /failed quota:|(maximum|minimum) \S+ usage per (Container|Pod)|LimitRange/,
    (message, options) =>
      new InvalidOptionsError(message, {
        ...options,
        hint: "The namespace's ResourceQuota or LimitRange demands other requests and limits.",
      }),
  ],
  [
    /violates PodSecurity|unable to validate against any (pod security policy|security context constraint)/,
    (message, options) =>
      new CapabilityUnsupportedError(message, {
        ...options,
        hint: "The namespace's Pod Security level refuses this pod.",
      }),
  ],
  [
    /denied the request|ValidatingAdmissionPolicy/,
    (message, options) =>
      new InvalidOptionsError(message, {
        ...options,
        hint: "An admission policy of the cluster refuses the pod. A pod template can add the labels and annotations that it demands.",
      }),
  ],
  [
    /because it is being terminated/,
    (message, options) =>
      new SandboxUnavailableError(message, {
        ...options,
        retryable: false,
        hint: "The namespace is being deleted: choose another one.",
      }),
  ],
  [
    /namespaces? "[^"]*" not found/,
    (message, options) =>
      new InvalidOptionsError(message, { ...options, hint: "Create the namespace, or choose another one." }),
  ],
  [
    /failed calling webhook/,
    (message, options) =>
      new SandboxUnavailableError(message, {
        ...options,
        hint: "A webhook of the cluster does not answer; its administrator has to repair it.",
      }),
  ],
];

function byStatus(error: ResponseError, message: string, options: SandboxErrorOptions): SandboxError {
  const { status, retryAfterMs } = error;
  switch (status) {
    case 401:
      return new SandboxAuthenticationError(message, { ...options, hint: hints.login });
    case 403:
      return new SandboxAuthenticationError(message, { ...options, hint: forbiddenHint(error) });
    case 404:
      // Only the API server knows what does not exist; what stands in its place knows nothing of it.
      if (error.reason === "NotFound") return new SandboxNotFoundError(message, options);
      return new SandboxUnavailableError(message, { ...options, retryable: false, hint: hints.server });
    case 409:
      return new SandboxUnavailableError(message, { ...options, retryable: false });
    case 410:
      return new SandboxUnavailableError(message, options);
    case 429:
      return new SandboxRateLimitedError(message, dropUndefined({ ...options, retryAfterMs }));
    case 400:
    case 413:
    case 415:
    case 422:
      return new InvalidOptionsError(message, options);
    case 504:
      return new SandboxTimeoutError(message, { ...options, retryable: true });
  }
  if (status >= 500) {
    return new SandboxUnavailableError(message, dropUndefined({ ...options, retryAfterMs, hint: hints.outage }));
  }
  if (status >= 300 && status < 400) {
    return new SandboxUnavailableError(message, { ...options, retryable: false, hint: hints.server });
  }
  return new SandboxError("internal", message, options);
}

function forbiddenHint({ isOfApiServer, message }: ResponseError): string {
  if (!isOfApiServer) return hints.proxy;
  return message.includes('"system:anonymous"') ? hints.login : hints.rights;
}

const hints = {
  login: "The credentials were refused or have expired: log in to the cluster again, and try `kubectl get pods`.",
  rights:
    "The user of this context lacks a right; an administrator can grant the role of docs/providers/kubernetes.md.",
  proxy: "What answered is not the API server: check the server's address in the kubeconfig, and HTTPS_PROXY.",
  server: "What answered is not a Kubernetes API server: check the server's address in the kubeconfig.",
  outage: "The API server, or what it depends on, has a fault at the moment.",
} as const;
