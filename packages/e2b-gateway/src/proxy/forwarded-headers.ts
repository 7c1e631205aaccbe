import type { IncomingMessage } from "node:http";

/** Of one connection alone, not of the request. */
const hopByHop: ReadonlySet<string> = new Set(
  ["connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer"].concat(
    "transfer-encoding",
    "upgrade",
  ),
);

/** The gateway's own. */
export const trafficTokenHeader = "e2b-traffic-access-token";

export interface ForwardOptions {
  /** Left out beside what is never forwarded. */
  readonly without?: readonly string[];
  /** Put in the place of what came under these names. */
  readonly replace?: Readonly<Record<string, string>>;
}

/** A message's headers as they are sent on: in their order and spelling, each as often as it came. */
export function forwardedHeaders({ rawHeaders, headers }: IncomingMessage, options: ForwardOptions = {}): string[] {
  const { without = [], replace = {} } = options;
  const dropped = new Set([
    ...hopByHop,
    ...listed(headers.connection),
    ...without,
    ...Object.keys(replace).map((name) => name.toLowerCase()),
  ]);
  const kept: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = "", value = ""] = [rawHeaders[at], rawHeaders[at + 1]];
    if (!dropped.has(name.toLowerCase())) kept.push(name, value);
  }
  return [...kept, ...Object.entries(replace).flat()];
}

/** What `Connection` names is of the connection too. */
function listed(connection: string | undefined): string[] {
  return (connection ?? "").split(",").map((name) => name.trim().toLowerCase());
}
