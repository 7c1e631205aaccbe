/**
 * How Claude Code is kept to the run's own way to the model. Tried with the pinned version: with the first variable, no
 * settings file (of the project, the user, an administrator, the command line) moves its requests, signs them otherwise or
 * sends them through a proxy, and one that is written while it works does not either. The others are what its own
 * environment could still say: an empty one counts as unset.
 */
const managedByHost = "CLAUDE_CODE_PROVIDER_MANAGED_BY_HOST";

const emptied = [
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_UNIX_SOCKET",
  "CLAUDE_CODE_API_KEY_FILE_DESCRIPTOR",
  "CLAUDE_CODE_HOST_AUTH_ENV_VAR",
  "CLAUDE_CODE_HOST_CREDS_FILE",
  "CLAUDE_CODE_HTTPS_PROXY",
  "CLAUDE_CODE_HTTP_PROXY",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
  "CLAUDE_CODE_RUNNER_MODEL_SOCKET",
  "CLAUDE_CODE_USE_ANTHROPIC_AWS",
  "CLAUDE_CODE_USE_ANTHROPIC_GOOGLE_CLOUD",
  "CLAUDE_CODE_USE_BEDROCK",
  "CLAUDE_CODE_USE_FOUNDRY",
  "CLAUDE_CODE_USE_GATEWAY",
  "CLAUDE_CODE_USE_MANTLE",
  "CLAUDE_CODE_USE_VERTEX",
] as const;

/** Goes into Claude Code's environment, before the address and the placeholder of the run. */
export const modelPin: Readonly<Record<string, string>> = {
  ...Object.fromEntries(emptied.map((name) => [name, ""])),
  [managedByHost]: "1",
};

/** Variables of the sandbox's environment that the pin, or the run's own address, takes the place of. */
export const replacedVariables: ReadonlySet<string> = new Set([...emptied, "ANTHROPIC_BASE_URL"]);
