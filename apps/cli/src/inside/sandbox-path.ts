import { posix } from "node:path";
import { workspaceDir } from "@glovebox/core/provider";

/** A path in a sandbox: a relative one starts from the workspace. */
export function sandboxPath(path: string): string {
  return posix.resolve(workspaceDir, path);
}
