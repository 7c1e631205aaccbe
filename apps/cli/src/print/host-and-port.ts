import { safeLine } from "./safe-text.ts";

/** `example.com:8443`, `[fd00::1]:443`; the host alone where no port is given. What could not be read is a dash. */
export function hostAndPort({ host, port }: { readonly host: string; readonly port?: number | undefined }): string {
  const name = safeLine(host, 100) || "-";
  if (!port) return name;
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}
