import { boundedTail } from "@glovebox/core/harness";
import type { ToolItem } from "./stream-line.ts";

/** The name of the tool that an item calls, and what it gets. */
export function toolInput(item: ToolItem): { readonly name: string; readonly input: unknown } {
  switch (item.type) {
    case "command_execution":
      return { name: "command", input: { command: shellScript(item.command) } };
    case "file_change":
      return {
        name: "file_change",
        input: { path: item.changes.map(({ path }) => path).join(", "), changes: item.changes },
      };
    case "mcp_tool_call":
      return { name: `mcp__${item.server}__${item.tool}`, input: item.arguments ?? {} };
    case "web_search":
      return { name: "web_search", input: { query: item.query } };
    case "todo_list":
      return { name: "todo_list", input: { items: item.items } };
  }
}

/** How the call ended. */
export function toolEnd(item: ToolItem): { readonly status: "ok" | "error"; readonly output: string } {
  switch (item.type) {
    case "command_execution": {
      const ok = item.exit_code === 0;
      const output = boundedTail(item.aggregated_output ?? "");
      return {
        status: ok ? "ok" : "error",
        output: output === "" && !ok ? `exit code ${item.exit_code ?? "unknown"}` : output,
      };
    }
    case "file_change":
      return {
        status: item.status === "completed" ? "ok" : "error",
        output: boundedTail(item.changes.map(({ path, kind }) => `${kind} ${path}`).join("\n")),
      };
    case "mcp_tool_call":
      return {
        status: item.status === "completed" ? "ok" : "error",
        output: boundedTail(item.error?.message ?? (item.result?.content ?? []).map(textOf).join("\n")),
      };
    default:
      return { status: "ok", output: "" };
  }
}

/** Codex names the shell that it starts: `/bin/bash -c 'npm test'` is `npm test` to a reader. */
function shellScript(command: string): string {
  const [, single, double] = /^\/\S*\/(?:ba|z)?sh -l?c (?:'([^']*)'|"([^"\\$`]*)")$/.exec(command) ?? [];
  return single ?? double ?? command;
}

/** What is not text is named. */
function textOf(block: unknown): string {
  if (typeof block !== "object" || block === null) return "";
  const { type, text } = block as { readonly type?: unknown; readonly text?: unknown };
  if (type === "text" && typeof text === "string") return text;
  return `[${typeof type === "string" ? type : "unknown"}]`;
}
