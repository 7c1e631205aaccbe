import type { RunEvent } from "@glovebox/core";
import { formatBytes, formatCount, formatDuration } from "@glovebox/core/text";
import type { NoteItem } from "./conversation-item.ts";

type Note = Pick<NoteItem, "tone" | "text" | "hint">;

/** What the conversation says about an event that is no part of the agent's own words; `undefined` if nothing. */
export function noteOf(event: RunEvent): Note | undefined {
  switch (event.type) {
    case "harness.session":
      return plain(`The agent started${event.model === undefined ? "" : ` with ${event.model}`}`);
    case "sandbox.created":
      return plain(`Sandbox created on ${event.providerId}`);
    case "components.installed":
      return plain(`Installed ${formatCount(event.components.length, "component")}`);
    case "harness.retry":
      return {
        tone: "amber",
        text: `The agent retries a model request (attempt ${event.attempt})`,
        hint: event.message,
      };
    case "harness.compaction":
      return plain("The agent summarised its conversation to save context");
    case "run.stalled":
      return stallNote(event);
    case "files.collected":
      return plain(`Collected ${formatCount(event.count, "file")} (${formatBytes(event.bytes)})`);
    default:
      return trouble(event);
  }
}

function trouble(event: RunEvent): Note | undefined {
  if (event.type === "warning") return { tone: "amber", text: event.message };
  if (event.type === "error") return { tone: "red", text: event.message, hint: event.hint };
  if (event.type === "network.request" && event.decision === "denied") {
    return { tone: "amber", text: `Refused: ${event.method} ${event.host}:${event.port}`, hint: event.reason };
  }
  if (event.type === "network.refused") {
    return { tone: "amber", text: `Refused ${formatCount(event.count, "more request")}`, hint: event.hosts.join(", ") };
  }
  return undefined;
}

function stallNote(event: Extract<RunEvent, { type: "run.stalled" }>): Note {
  const silence = formatDuration(event.silentMs);
  if (event.state === "end") return plain(`The run continues after ${silence} of silence`);
  return { tone: "amber", text: `Nothing has happened for ${silence}` };
}

function plain(text: string): Note {
  return { tone: "plain", text };
}
