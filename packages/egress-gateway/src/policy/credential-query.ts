/** What well-known servers take a credential or a session from. Not every name with `token` in it: pages have tokens too. */
const names = new Set([
  "access-key",
  "access-token",
  "api-key",
  "api-token",
  "apikey",
  "apitoken",
  "auth",
  "auth-token",
  "authorization",
  "awsaccesskeyid",
  "bearer-token",
  "ci-job-token",
  "client-secret",
  "deploy-token",
  "feed-token",
  "id-token",
  "job-token",
  "jsessionid",
  "jwt",
  "oauth-token",
  "password",
  "passwd",
  "phpsessid",
  "private-token",
  "refresh-token",
  "rss-token",
  "session-id",
  "sessionid",
  "sig",
  "signature",
  "token",
  "x-amz-credential",
  "x-amz-security-token",
  "x-amz-signature",
  "x-goog-credential",
  "x-goog-signature",
]);

/**
 * Whether a request's path or query, as they came, hold a credential from inside under a name that servers take one from.
 * Servers split a query at `&`, and many at `;` too; some take parameters after a `;` in the path.
 */
export function holdsCredential(path: string, query: string): boolean {
  const ofPath = path.split("/").flatMap((segment) => segment.split(/;|%3b/i).slice(1));
  const ofQuery = query.replace(/^\?/, "").split(/[&;]/);
  return [...ofPath, ...ofQuery].some((parameter) => names.has(nameOf(parameter)));
}

/** As a server reads it that is generous: decoded, in any case, with `_`, `.` and a space for a dash, of a list or a map too. */
function nameOf(parameter: string): string {
  const [written = ""] = parameter.split("=", 1);
  const bytes = written.replaceAll("+", " ").replace(/%([0-9a-f]{2})/gi, (_, code: string) => {
    return String.fromCharCode(Number.parseInt(code, 16));
  });
  const [name = ""] = bytes.trim().toLowerCase().split(/[[\0]/, 1);
  return name.trim().replace(/[\s_.]+/g, "-");
}
