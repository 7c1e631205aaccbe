import { z } from "zod";
import { replacedVariables } from "../headless/model-pin.ts";

/** What Claude Code says about its settings, as far as it is read: one entry for each file that it has read. */
export const settingsSourceSchema = z.object({
  source: z.string(),
  settings: z.looseObject({ env: z.record(z.string(), z.unknown()).nullish().catch(undefined) }),
});
export type SettingsSource = z.infer<typeof settingsSourceSchema>;

/** Variables that Claude Code takes from no settings file once the host has chosen its model: tried, one by one. */
const ignoredVariables = [
  /^ANTHROPIC_\w+$/,
  /^AWS_((ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE)|(DEFAULT_)?REGION|BEARER_TOKEN_BEDROCK|(ENDPOINT_URL|CONTAINER)\w*)$/,
  /^(GOOGLE_APPLICATION_CREDENTIALS|GOOGLE_CLOUD_(QUOTA_)?PROJECT|GCLOUD_PROJECT|CLOUD_ML_REGION|VERTEX_REGION_\w+)$/,
  /^CLAUDE_CODE_(USE|SKIP)_(BEDROCK|VERTEX|FOUNDRY|MANTLE|GATEWAY|ANTHROPIC_AWS|ANTHROPIC_GOOGLE_CLOUD)(_AUTH)?$/,
  /^CLAUDE_CODE_(OAUTH_TOKEN|HTTPS?_PROXY|PROVIDER_MANAGED_BY_HOST|HOST_\w+|CERT_STORE|CLIENT_(CERT|KEY)|(\w+_)?SUBAGENT_MODEL(_FORCE)?)$/,
  /^((HTTPS?|ALL|NO)_PROXY|(NPM_CONFIG_(HTTPS?_)?PROXY))$/,
  /^(NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|SSL_CERT_(FILE|DIR))$/,
];

/** Keys beside `env` that choose an account or a way to it. */
const ignoredKeys = [
  "apiKeyHelper",
  "awsAuthRefresh",
  "awsCredentialExport",
  "gcpAuthRefresh",
  "proxyAuthHelper",
  "forceLoginMethod",
  "forceLoginGatewayUrl",
];

const files: ReadonlyMap<string, string> = new Map(
  Object.entries({
    projectSettings: ".claude/settings.json",
    localSettings: ".claude/settings.local.json",
    userSettings: "~/.claude/settings.json in the sandbox",
    policySettings: "The managed settings file of the sandbox's image",
    flagSettings: "The argument --settings",
  }),
);

/** What is to be said about settings that would lead the model's requests elsewhere: the file and the keys, never a value. */
export function modelSettingsWarnings(sources: readonly SettingsSource[]): string[] {
  return sources.flatMap(({ source, settings }) => {
    const variables = Object.keys(settings.env ?? {}).filter((name) =>
      ignoredVariables.some((pattern) => pattern.test(name.toUpperCase())),
    );
    const keys = ignoredKeys.filter((key) => settings[key] !== undefined);
    return warning(files.get(source) ?? "A settings file", [...variables, ...keys]);
  });
}

/** The same of the sandbox's own environment, as `env -0` prints it. */
export function modelEnvironmentWarnings(printed: string): string[] {
  const names = printed.split("\0").flatMap((entry) => {
    const at = entry.indexOf("=");
    return at > 0 && at < entry.length - 1 ? [entry.slice(0, at)] : [];
  });
  return warning(
    "The sandbox's environment",
    names.filter((name) => replacedVariables.has(name)),
  );
}

function warning(where: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const list = [...new Set(names)].sort().join(", ");
  return [
    `${where} sets ${list}: without effect on Claude Code here. The run alone decides where model requests go, with which ` +
      "key and through which proxy, and with which model",
  ];
}
