/** Values that a catalog holds in the place of the user's own: `<path-to-db>`, `YOUR_API_KEY`, `your-token-here`. */
const patterns: readonly RegExp[] = [
  /<[A-Za-z][\w .:/-]{1,60}>/,
  /\b(?:YOUR|INSERT|REPLACE|ENTER)[-_][A-Z0-9_-]{2,60}\b/,
  /\byour[-_][a-z0-9_-]*(?:key|token|secret|password|url|host|id|name|path|project|org|domain|subdomain|here)\b[a-z0-9_-]*/,
  /\/path\/to\/[\w./-]*/,
  /\bxxxx+\b/i,
  /\{\{[^{}]{1,60}\}\}/,
  /\[YOUR[^\][]{1,60}\]/i,
];

/** The first placeholder in a value. */
export function placeholderIn(value: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(value)?.[0];
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a variable's name says that its value is secret. */
export function isSecretName(name: string): boolean {
  return /key|token|secret|passw|pat$|_pat_|credential|auth/i.test(name);
}

/** A name of the environment made of free text: `sqlite-local <path to db>` becomes `SQLITE_LOCAL_PATH_TO_DB`. */
export function variableName(...parts: readonly string[]): string {
  const name = parts
    .join("_")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toUpperCase();
  return /^[A-Z]/.test(name) ? name : `VALUE_${name}`;
}
