import { ComponentRefusal } from "../component-refusal.ts";
import { isJsonObject, type JsonObject } from "../text/read-json-object.ts";

export interface HookMatcher {
  readonly matcher?: string;
  readonly hooks: readonly JsonObject[];
}

/** Hooks by event, in the one form that Claude Code reads. */
export type HookTable = Readonly<Record<string, readonly HookMatcher[]>>;

/** Events of Claude Code 2.1. Another name is passed over by it; the rest of the file is read all the same. */
export const hookEvents: ReadonlySet<string> = new Set(
  (
    "PreToolUse PostToolUse PostToolUseFailure PostToolBatch Notification UserPromptSubmit UserPromptExpansion " +
    "SessionStart SessionEnd Stop StopFailure SubagentStart SubagentStop PreCompact PostCompact PreModelSwitch " +
    "PostModelSwitch PermissionRequest PermissionDenied Setup TeammateIdle TaskCreated TaskCompleted Elicitation " +
    "ElicitationResult ConfigChange WorktreeCreate WorktreeRemove InstructionsLoaded CwdChanged FileChanged " +
    "DirectoryAdded MessageDisplay"
  ).split(" "),
);

/** Reads `hooks`. A matcher of another type would make Claude Code pass over the whole settings file: it is refused. */
export function parseHooks(value: unknown, warnings: string[]): HookTable {
  if (!isJsonObject(value)) throw new ComponentRefusal("has hooks that are no table of events");
  const table: Record<string, HookMatcher[]> = {};
  for (const [event, list] of Object.entries(value)) {
    if (!hookEvents.has(event)) warnings.push(`${JSON.stringify(event)} is no event of Claude Code: it never comes`);
    if (typeof list === "string") {
      warnings.push(`The hook on ${event} is brought into the form that Claude Code reads`);
      table[event] = [{ hooks: [{ type: "command", command: list }] }];
    } else if (isJsonObject(list) && Object.values(list).every((command) => typeof command === "string")) {
      warnings.push(`The hooks on ${event} are brought into the form that Claude Code reads`);
      table[event] = Object.entries(list).map(([matcher, command]) => ({
        matcher,
        hooks: [{ type: "command", command }],
      }));
    } else if (Array.isArray(list)) table[event] = list.map((item) => parseMatcher(event, item));
    else throw new ComponentRefusal(`has hooks on ${event} that are no list`);
  }
  if (Object.values(table).every((list) => list.length === 0)) throw new ComponentRefusal("holds no hook");
  return table;
}

function parseMatcher(event: string, value: unknown): HookMatcher {
  if (!isJsonObject(value) || !Array.isArray(value.hooks))
    throw new ComponentRefusal(`has an entry on ${event} without a list of "hooks", which Claude Code does not read`);
  const { hooks } = value;
  const matcher = value.matcher ?? undefined;
  if (matcher !== undefined && typeof matcher !== "string")
    throw new ComponentRefusal(`has a matcher on ${event} that is no text; Claude Code would pass over all settings`);
  for (const hook of hooks) {
    if (!isJsonObject(hook)) throw new ComponentRefusal(`has a hook on ${event} that is no object`);
    if ((hook.type ?? "command") === "command" && typeof hook.command !== "string")
      throw new ComponentRefusal(`has a hook on ${event} without a command`);
  }
  const typed = hooks.map((hook: JsonObject) => ({
    ...(hook.type === undefined ? { type: "command" } : {}),
    ...hook,
    // A shell takes the first half of a Windows line end as part of a word.
    ...(typeof hook.command === "string" ? { command: hook.command.replaceAll("\r\n", "\n") } : {}),
  }));
  return { ...(matcher === undefined ? {} : { matcher }), hooks: typed };
}
