import { isCredentialName, isSteering } from "../forward-headers.ts";

/** What content, caches, and the tools of git, npm, pip, LFS, registries, MCP and HTTP APIs need to say. */
const passed = new Set([
  ...[
    "accept",
    "accept-charset",
    "accept-datetime",
    "accept-language",
    "cache-control",
    "pragma",
    "prefer",
    "priority",
  ],
  ...["content-digest", "content-disposition", "content-encoding", "content-language", "content-length", "content-md5"],
  ...["content-range", "content-type", "date", "digest", "repr-digest", "want-content-digest"],
  ...["if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "range"],
  ...["depth", "origin", "overwrite", "referer", "upgrade-insecure-requests", "user-agent", "x-requested-with"],
  ...["idempotency-key", "last-event-id", "traceparent", "tracestate", "x-correlation-id", "x-request-id"],
  ...["npm-command", "npm-in-ci", "npm-scope", "npm-session", "pacote-integrity", "pacote-pkg-id", "pacote-req-type"],
  ...[
    "git-protocol",
    "graphql-features",
    "apollo-require-preflight",
    "apollographql-client-name",
    "x-github-media-type",
  ],
  ...["mcp-method", "mcp-name", "mcp-session-id", "x-goog-api-client"],
  ...["tus-resumable", "upload-checksum", "upload-defer-length", "upload-length", "upload-metadata", "upload-offset"],
  ...["sec-websocket-key", "sec-websocket-protocol"],
]);

/** `x-github-api-version`, `mcp-protocol-version`, `docker-distribution-api-version`; what browsers and SDKs say of themselves. */
const passedForms = /^[a-z0-9-]+-version$|^(?:sec-ch-ua|sec-fetch|x-stainless)(?:-[a-z0-9-]+)?$/;

/**
 * Whether a header from inside, in lower case, passes to the host of a credential. An allow list: servers take another
 * account, user or tenant from more names than anyone can list.
 */
export function isPassedHeader(name: string, value: string, further: readonly string[] = []): boolean {
  // A browser has no other header for a WebSocket's credential, so servers take one from here.
  if (name === "sec-websocket-protocol" && /auth|bearer|token|jwt|key/i.test(value)) return false;
  const isNamed = further.includes(name) && !isSteering(name);
  return (passed.has(name) || passedForms.test(name) || isNamed) && !isCredentialName(name);
}
