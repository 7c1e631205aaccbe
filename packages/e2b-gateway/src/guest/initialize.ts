import type { IncomingMessage } from "node:http";
import { checkAccess, isSame } from "./access.ts";
import type { EnvdState } from "./envd-state.ts";
import { HttpFailure } from "./http-failure.ts";
import { readBody } from "./request-body.ts";

const maxBytes = 1024 * 1024;

interface InitRequest {
  readonly envVars?: Readonly<Record<string, unknown>> | null;
  readonly accessToken?: string | null;
  readonly defaultUser?: string | null;
  readonly defaultWorkdir?: string | null;
}

/** `POST /init`: adds variables and sets the defaults. Once there is an access token, only who knows it may. */
export async function initialize(request: IncomingMessage, state: EnvdState): Promise<void> {
  const body = parse((await readBody(request, maxBytes)).toString("utf8"));
  if (state.accessToken === undefined || !isSame(body.accessToken ?? "", state.accessToken))
    checkAccess(request, state);
  for (const [name, value] of Object.entries(body.envVars ?? {})) state.envVars.set(name, String(value));
  if (body.accessToken) state.accessToken = body.accessToken;
  if (body.defaultUser) state.defaultUser = body.defaultUser;
  if (body.defaultWorkdir) state.defaultWorkdir = body.defaultWorkdir;
}

function parse(json: string): InitRequest {
  let value: unknown;
  try {
    value = json === "" ? {} : JSON.parse(json);
  } catch {
    throw new HttpFailure(400, "the body is not JSON");
  }
  if (typeof value !== "object" || value === null) throw new HttpFailure(400, "the body is not an object");
  const { accessToken, defaultUser, defaultWorkdir, envVars } = value as InitRequest;
  const isText = (text: unknown): boolean => text === undefined || text === null || typeof text === "string";
  if (![accessToken, defaultUser, defaultWorkdir].every(isText) || (envVars && typeof envVars !== "object")) {
    throw new HttpFailure(400, "a field has another type");
  }
  return value as InitRequest;
}
