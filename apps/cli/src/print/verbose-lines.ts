import type { RunEvent } from "@glovebox/core";
import { hostAndPort } from "./host-and-port.ts";

/** What `--verbose` shows of an event beside what is always shown; none of it holds a secret, as no event does. */
export function verboseLines(event: RunEvent): readonly string[] {
  switch (event.type) {
    case "sandbox.created":
      return [`sandbox ${event.sandboxId} of ${event.providerId}, at most until ${event.expiresAt}`];
    case "components.installed":
      return event.files.map((path) => `installed ${path}`);
    case "harness.session":
      return [
        `session ${event.sessionId}: ${[event.model, event.version].filter(Boolean).join(", ")}`,
        ...named("tools", event.tools),
        ...named("agents", event.agents),
        ...named("commands", event.commands),
        ...named("skills", event.skills),
        ...named(
          "MCP servers",
          event.mcpServers.map(({ name, status }) => `${name} (${status})`),
        ),
      ];
    case "network.request":
      return event.decision === "denied" || event.host === ""
        ? []
        : [`${event.method} ${hostAndPort(event)} ${event.decision}, ${event.status}, ${event.durationMs} ms`];
    case "harness.raw":
      return [`${event.stream}: ${event.line}`];
    default:
      return [];
  }
}

function named(what: string, names: readonly string[] = []): string[] {
  return names.length === 0 ? [] : [`${what}: ${names.join(", ")}`];
}
