import { homedir } from "node:os";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { registryKey } from "@glovebox/image-builder";
import type { AuthConfigObject } from "dockerode";
import { execa } from "execa";

interface DockerConfig {
  readonly auths?: Readonly<Record<string, { readonly auth?: string; readonly identitytoken?: string }>>;
  readonly credsStore?: string;
  readonly credHelpers?: Readonly<Record<string, string>>;
}

/**
 * What `docker login` has stored for the registry of an image, in the CLI's configuration or by its credential helper.
 * `undefined` when there is nothing: public images need nothing.
 */
export async function registryAuth(reference: string, env: NodeJS.ProcessEnv): Promise<AuthConfigObject | undefined> {
  const directory = env.DOCKER_CONFIG || join(env.HOME || homedir(), ".docker");
  const config = await readConfig(join(directory, "config.json"));
  const key = registryKey(reference);
  const helper = config.credHelpers?.[key] ?? config.credsStore;
  const found = helper === undefined ? undefined : await askHelper(helper, key, env);
  if (found !== undefined) return found;
  const stored = config.auths?.[key];
  if (stored?.auth) {
    const [username = "", ...password] = Buffer.from(stored.auth, "base64").toString("utf8").split(":");
    return auth(username, password.join(":"), key);
  }
  return undefined;
}

async function askHelper(helper: string, key: string, env: NodeJS.ProcessEnv): Promise<AuthConfigObject | undefined> {
  // A helper that is missing or has nothing is no reason to stop: the image may be public.
  const answer = await execa(`docker-credential-${helper}`, ["get"], {
    input: key,
    env,
    reject: false,
    timeout: 20_000,
  });
  if (answer.failed) return undefined;
  const { Username = "", Secret = "" } = JSON.parse(answer.stdout) as { Username?: string; Secret?: string };
  return auth(Username, Secret, key);
}

function auth(username: string, password: string, serveraddress: string): AuthConfigObject {
  // What a helper names so is an identity token.
  return username === "<token>" ? { identitytoken: password, serveraddress } : { username, password, serveraddress };
}

async function readConfig(path: string): Promise<DockerConfig> {
  try {
    return JSON.parse((await readHostText(path)) ?? "{}") as DockerConfig;
  } catch {
    // No configuration, or one that cannot be read: nothing is stored.
    return {};
  }
}
