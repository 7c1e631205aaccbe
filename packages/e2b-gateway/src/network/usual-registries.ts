import type { HostRule } from "@glovebox/core/provider";

/**
 * Names of package registries that nobody but their owners and this machine's resolver answer for. Where that gives a private
 * address, as behind a company's mirror, its administrator has said so: sandboxes reach them as if the operator had listed them.
 */
export const usualRegistries: readonly HostRule[] = [
  "registry.npmjs.org",
  "pypi.org",
  "files.pythonhosted.org",
  "deb.debian.org",
  "security.debian.org",
  "archive.ubuntu.com",
  "security.ubuntu.com",
  "ports.ubuntu.com",
].map((host) => ({ host, source: "the usual registries" }));
