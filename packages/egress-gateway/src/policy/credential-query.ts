/** What well-known servers take a credential from. Not every name with `token` in it: pages have tokens too. */
const names = new Set([
  "access-token",
  "api-key",
  "apikey",
  "auth-token",
  "client-secret",
  "job-token",
  "oauth-token",
  "password",
  "private-token",
]);

/** Whether a request's query (`?a=b`, as it came) holds a credential from inside, under a name that servers take one from. */
export function holdsCredential(query: string): boolean {
  return [...new URLSearchParams(query).keys()].some((name) => names.has(name.toLowerCase().replaceAll("_", "-")));
}
