/** A URL as it may be shown: without user and password, one of which may be a token. The user of an ssh address is not a secret. */
export function withoutCredentials(url: string): string {
  return url.replace(/(\b(?!ssh:)[a-z][a-z0-9+.-]*:\/\/)[^/@\s]*@/gi, "$1");
}
