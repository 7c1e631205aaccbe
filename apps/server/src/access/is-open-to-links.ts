import type { ShareLink } from "@glovebox/store";

const subjects = new Set(["events", "manifest", "files", "archive", "patch", "bundle", "journal"]);

/** Whether a share link may be used for a request: to read its own run, what belongs to it, and `/v1/me`. */
export function isOpenToLinks({ method, url, headers }: Request, { runId }: ShareLink): boolean {
  if ((method !== "GET" && method !== "HEAD") || headers.has("upgrade")) return false;
  const { pathname } = new URL(url);
  if (pathname === "/v1/me") return true;
  const run = `/v1/runs/${runId}`;
  if (pathname === run) return true;
  return pathname.startsWith(`${run}/`) && subjects.has(pathname.slice(run.length + 1).split("/", 1)[0] ?? "");
}
