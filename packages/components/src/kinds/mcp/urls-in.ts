/** Every http and https URL in a text. */
export function urlsIn(text: string): string[] {
  return text.match(/https?:\/\/[^\s"'<>`|)\\]+/g) ?? [];
}

/** The hosts of every URL in a text, with a port that is not the usual one; without those of this machine, each once. */
export function hostsIn(text: string): string[] {
  const hosts = urlsIn(text).flatMap((url) => {
    try {
      return [new URL(url).host];
    } catch {
      // A host that is a variable, such as `https://${HOST}/mcp`, is reported with the variables.
      return [];
    }
  });
  const own = /^(localhost|127\.|0\.0\.0\.0|\[::1\])|[${}]/;
  return [...new Set(hosts.filter((host) => host !== "" && !own.test(host)))];
}
