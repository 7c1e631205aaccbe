import type { HookTable } from "../hooks/parse-hooks.ts";

/** The hooks with each shell command as `map` makes it. One with a list of arguments is started without a shell. */
export function mapHookCommands(hooks: HookTable, map: (command: string) => string): HookTable {
  return Object.fromEntries(
    Object.entries(hooks).map(([event, list]) => [
      event,
      list.map((item) => ({
        ...item,
        hooks: item.hooks.map((hook) =>
          typeof hook.command === "string" && !Array.isArray(hook.args)
            ? { ...hook, command: map(hook.command) }
            : hook,
        ),
      })),
    ]),
  );
}
