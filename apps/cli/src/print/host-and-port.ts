import { safeName } from "@glovebox/core/text";

interface HostAndPort {
  readonly host: string;
  readonly port?: number | "any" | undefined;
}

/** `example.com:8443`, `[fd00::1]:443`, `example.com:any`; the host alone where no port is given. What could not be read is a dash. */
export function hostAndPort({ host, port }: HostAndPort): string {
  const name = safeName(host, 100) || "-";
  if (!port) return name;
  return `${name.includes(":") ? `[${name}]` : name}:${port}`;
}
