/** Whether a name, in lower case and without a trailing dot, stands for the machine itself on every machine. */
export function isLoopbackName(name: string): boolean {
  return /(?:^|\.)localhost(?:[46]|\.localdomain)?$|^ip6-(?:localhost|loopback)$/.test(name);
}
