import type { IncomingMessage } from "node:http";
import { checkFileAccess } from "../access.ts";
import type { EnvdState } from "../envd-state.ts";
import { HttpFailure } from "../http-failure.ts";
import { describeError } from "../system-error.ts";
import { findUser } from "../users/find-user.ts";
import type { User } from "../users/user.ts";
import { userPath } from "../users/user-path.ts";

/** Whose files a request means, and where they lie. */
export interface FilesRequest {
  readonly user: User;
  /** As given; undefined when the request names no path. */
  readonly path: string | undefined;
  /** Throws 400 for a path that leads nowhere. */
  resolve(path: string): string;
}

/** Reads the query of a request for files, and checks that it is allowed. Throws 401 when it is not. */
export function readFilesRequest(
  request: IncomingMessage,
  query: URLSearchParams,
  operation: "read" | "write",
  state: EnvdState,
): FilesRequest {
  checkFileAccess(request, query, operation, state);
  const name = query.get("username") || state.defaultUser;
  return filesRequestOf(name, query.get("path") ?? undefined, state);
}

export function filesRequestOf(name: string, path: string | undefined, state: EnvdState): FilesRequest {
  const user = findUser(name);
  if (user === undefined) throw new HttpFailure(401, `error looking up user '${name}': user: unknown user ${name}`);
  return {
    user,
    path,
    resolve(path) {
      try {
        return userPath(path, user, state.defaultWorkdir);
      } catch (error) {
        throw new HttpFailure(400, `error resolving path: ${describeError(error)}`);
      }
    },
  };
}
