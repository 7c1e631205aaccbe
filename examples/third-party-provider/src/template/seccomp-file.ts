import { existsSync } from "node:fs";
import { join } from "node:path";

const name = "seccomp.bpf";

/** Where a template's filter of system calls is written. */
export function seccompPath(template: string): string {
  return join(template, name);
}

/** The template's filter; undefined where the processor is one that it is not known for. */
export function seccompFile(template: string): string | undefined {
  const path = seccompPath(template);
  return existsSync(path) ? path : undefined;
}
