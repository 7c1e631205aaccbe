/** The default package hosts of npm, pip and apt in public images, for an image that nobody looked into on this host. */
export const packageHosts: readonly string[] = [
  "deb.debian.org",
  "files.pythonhosted.org",
  "pypi.org",
  "registry.npmjs.org",
  "security.debian.org",
];
