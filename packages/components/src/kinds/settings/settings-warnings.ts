import { safeLine } from "@glovebox/core/text";
import type { HookTable } from "../hooks/parse-hooks.ts";
import { startsByFetching } from "../shell/starts-by-fetching.ts";
import { isJsonObject, type JsonObject } from "../text/read-json-object.ts";

/** One line for each thing in a hook's or setting's JSON that a user should know before it runs. */
export function settingsWarnings(settings: JsonObject, hooks: HookTable): string[] {
  return [
    ...hookWarnings(hooks),
    ...permissionWarnings(settings),
    ...programWarnings(settings),
    ...envWarnings(settings),
  ];
}

function hookWarnings(hooks: HookTable): string[] {
  return Object.entries(hooks).flatMap(([event, matchers]) =>
    matchers.flatMap((matcher) =>
      matcher.hooks.flatMap((hook) => {
        if (typeof hook.command !== "string") return [];
        const fetcher = startsByFetching(hook.command);
        const unset = unsetVariable(hook.command);
        return [
          `It runs a shell command on ${event}: ${safeLine(hook.command)}`,
          ...(unset === undefined
            ? []
            : [`Its hook on ${event} reads ${unset}, which Claude Code 2.1 does not set: it may do nothing`]),
          ...(fetcher === undefined ? [] : [`Its hook on ${event} fetches something when it runs (${fetcher})`]),
        ];
      }),
    ),
  );
}

/** A variable that other hooks' documentation names and that Claude Code 2.1.328 sets for no hook. */
export function unsetVariable(command: string): string | undefined {
  return /\$\{?(CLAUDE_TOOL_\w+|CLAUDE_FILE_PATHS)/.exec(command)?.[1];
}

function permissionWarnings(settings: JsonObject): string[] {
  const { permissions, sandbox } = settings;
  const allow = isJsonObject(permissions) && Array.isArray(permissions.allow) ? permissions.allow : [];
  const wide = allow.filter((rule) =>
    /^(\*|Bash|Bash\((\*|:\*)\)|(Write|Edit|Read)\(?(\*\*?|\/\*\*|\/)?\)?)$/.test(String(rule)),
  );
  const directories = isJsonObject(permissions) ? permissions.additionalDirectories : undefined;
  return [
    ...(isJsonObject(permissions) && permissions.defaultMode === "bypassPermissions"
      ? ["It turns every permission check off (defaultMode bypassPermissions)"]
      : []),
    ...(wide.includes("*") || wide.some((rule) => String(rule).startsWith("Bash"))
      ? [`It allows every shell command without asking: ${wide.join(", ")}`]
      : []),
    ...(Array.isArray(directories) && directories.length > 0
      ? [`It asks for directories outside the workspace: ${directories.join(", ")}`]
      : []),
    ...(isJsonObject(sandbox) && sandbox.enabled === false ? ["It turns Claude Code's own sandbox off"] : []),
    ...(JSON.stringify(settings).includes("dangerously-skip-permissions")
      ? ["It starts Claude Code with --dangerously-skip-permissions"]
      : []),
  ];
}

/** Settings, beside hooks, whose value Claude Code runs as a program. */
function programWarnings(settings: JsonObject): string[] {
  const helpers = ["apiKeyHelper", "awsAuthRefresh", "awsCredentialExport", "otelHeadersHelper"];
  return helpers.flatMap((name) =>
    typeof settings[name] === "string"
      ? [`It lets Claude Code run a program (${name}): ${safeLine(settings[name])}`]
      : [],
  );
}

function envWarnings(settings: JsonObject): string[] {
  const env = isJsonObject(settings.env) ? settings.env : {};
  return Object.entries(env).flatMap(([name, value]) => {
    if (/^(ANTHROPIC_BASE_URL|CLAUDE_CODE_USE_(BEDROCK|VERTEX|FOUNDRY)|(HTTPS?|ALL)_PROXY)$/i.test(name))
      return [
        `It sends the model's traffic elsewhere (${name}=${String(value)}): a run reaches that only where you allow it`,
      ];
    if (/^ANTHROPIC_(API_KEY|AUTH_TOKEN)$/.test(name)) return [`It replaces the model's credential (${name})`];
    if (/^(LD_PRELOAD|NODE_OPTIONS|BASH_ENV|PATH)$/.test(name)) return [`It sets ${name} for every program in the run`];
    return [];
  });
}
