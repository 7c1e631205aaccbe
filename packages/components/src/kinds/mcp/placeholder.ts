/** Values that a catalog holds in the place of the user's own: `<path-to-db>`, `YOUR_API_KEY`, `/path/to/uv`, `ntn_****`. */
const patterns: readonly RegExp[] = [
  /\$\{input:[^}]{1,60}\}/,
  /<[A-Za-z][\w .:/-]{1,60}>/,
  /\b(?:YOUR|INSERT|REPLACE|ENTER)[-_][A-Z0-9_-]{2,60}\b/,
  /\byour[-_][a-z0-9_-]*(?:key|token|secret|password|url|host|id|name|path|project|org|domain|subdomain|here)\b[a-z0-9_-]*/,
  /(?:\/[\w.-]+)*\/path\/to\/[\w./-]+/i,
  /\b(?:[a-z0-9]+[-_])*xxxx+(?:[-_]x+)*\b/i,
  /[\w-]*\*{3,}/,
  /^[a-z][a-z0-9+]*:\/\/(?:user|username):(?:pass|password)@\S+$/i,
  /\{\{[^{}]{1,60}\}\}/,
  /(?<!\$)\{[\w -]{1,30}\|[\w| -]{1,60}\}/,
  /\[YOUR[^\][]{1,60}\]/i,
];

const maxLength = 4000;

/** The first placeholder in a value. A very long value is somebody's own, not one. */
export function placeholderIn(value: string): string | undefined {
  if (value.length > maxLength) return undefined;
  for (const pattern of patterns) {
    const found = pattern.exec(value)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a variable's name says that its value is secret. */
export function isSecretName(name: string): boolean {
  return /key|token|secret|passw|pat$|_pat_|credential|auth|webhook|connection_?string|database_ur[il]|dsn$/i.test(
    name,
  );
}

const generic = /^(THE_)?(API_)?(KEY|TOKEN|SECRET|PASSWORD|URL|ID|NAME|USER|USERNAME|HOST|PATH|ORG|PROJECT|DOMAIN)$/;

/**
 * A name of the environment for a placeholder: `YOUR_HF_TOKEN` becomes `HF_TOKEN`; what says too little gets the
 * server's name before it, as `<path-to-db>` of `sqlite` becomes `SQLITE_PATH_TO_DB`.
 */
export function placeholderVariable(serverName: string, placeholder: string): string {
  const core = placeholder
    .replace(/^\$\{input:/, "")
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "")
    .replace(/^(your|insert|replace|enter)[-_ ]+(with[-_ ]+)?/i, "")
    .replace(/[-_ ]+here$/i, "")
    // What is crossed out is a key: `api-xxxx-xxxx` is `API_KEY`.
    .replace(/(?:[-_]?xxxx+)(?:[-_]x+)*$/i, "-key");
  const name = toVariable(core);
  const own = /^[A-Z0-9_]+$/.test(core) && !generic.test(name) && name.includes("_");
  return own ? name : toVariable(`${serverName}_${core}`);
}

function toVariable(text: string): string {
  const name = text
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`;
}
