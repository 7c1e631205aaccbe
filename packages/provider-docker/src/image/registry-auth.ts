import { registryKey, storedLogin } from "@glovebox/image-builder";
import type { AuthConfigObject } from "dockerode";

/**
 * What `docker login` has stored for the registry of an image, as the engine's API takes it. `undefined` when there is
 * nothing: public images need nothing.
 */
export async function registryAuth(reference: string, env: NodeJS.ProcessEnv): Promise<AuthConfigObject | undefined> {
  const login = await storedLogin(reference, env);
  if (login === undefined) return undefined;
  const serveraddress = registryKey(reference);
  const secret = login.secret.reveal();
  return login.username === ""
    ? { identitytoken: secret, serveraddress }
    : { username: login.username, password: secret, serveraddress };
}
