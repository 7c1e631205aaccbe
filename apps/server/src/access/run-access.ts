import type { Principal } from "./principal.ts";
import { includesRole } from "./roles.ts";

interface OwnedRun {
  readonly id: string;
  readonly userId: string;
}

/** Whether a principal may read a run: every user may, and a share link may read the one that it shows. */
export function canRead({ link, role }: Principal, run: OwnedRun): boolean {
  return link === undefined ? includesRole(role, "viewer") : link.runId === run.id;
}

/** Whether a principal may stop, resume, share or delete a run: its runner may, and an admin. */
export function canChange({ link, role, user }: Principal, run: OwnedRun): boolean {
  if (link !== undefined) return false;
  return role === "admin" || (includesRole(role, "runner") && run.userId === user.id);
}
