/** A value that a configuration of Codex holds. */
export type TomlValue = string | number | boolean | readonly TomlValue[] | { readonly [key: string]: TomlValue };

/** Writes a TOML document. Keys of the outermost table that hold tables come last, as the format demands. */
export function toml(document: Readonly<Record<string, TomlValue>>): string {
  const entries = Object.entries(document);
  const plain = entries
    .filter(([, value]) => !isTable(value))
    .map(([key, value]) => `${text(key)} = ${inline(value)}\n`);
  const tables = entries.flatMap(([key, value]) => (isTable(value) ? [table(text(key), value)] : []));
  return [...plain, ...tables].join("");
}

function table(name: string, value: { readonly [key: string]: TomlValue }): string {
  const lines = Object.entries(value).map(([key, inner]) => `${text(key)} = ${inline(inner)}\n`);
  return `\n[${name}]\n${lines.join("")}`;
}

function inline(value: TomlValue): string {
  if (typeof value === "string") return text(value);
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (isTable(value)) {
    return `{ ${Object.entries(value)
      .map(([key, inner]) => `${text(key)} = ${inline(inner)}`)
      .join(", ")} }`;
  }
  return String(value);
}

function isTable(value: TomlValue): value is { readonly [key: string]: TomlValue } {
  return typeof value === "object" && !Array.isArray(value);
}

/** A JSON string is a basic string of TOML but for DEL, and for halves of surrogate pairs, which a buffer replaces. */
function text(value: string): string {
  return JSON.stringify(Buffer.from(value).toString()).replaceAll("\x7f", "\\u007f");
}
