import { homedir } from "node:os";
import { join } from "node:path";
import { readHostText } from "@glovebox/core/host-files";
import { Secret } from "@glovebox/core/provider";
import { execa } from "execa";
import { z } from "zod";
import { parseImageName } from "./image-name.ts";

/** A login that `docker login` or `podman login` has stored. */
export interface StoredLogin {
  /** Empty where the secret is an identity token, which a registry exchanges for an access token. */
  readonly username: string;
  readonly secret: Secret;
}

const helperTimeoutMs = 20_000;
const dockerHub = "https://index.docker.io/v1/";
const tokenUser = "<token>";

const configSchema = z.object({
  auths: z
    .record(z.string(), z.object({ auth: z.string().optional(), identitytoken: z.string().optional() }))
    .optional(),
  credsStore: z.string().optional(),
  credHelpers: z.record(z.string(), z.string()).optional(),
});
type LoginConfig = z.infer<typeof configSchema>;

/**
 * What is stored for the registry of an image: in the docker CLI's configuration, in Podman's, or by the credential helper
 * that they name. `undefined` when there is nothing: public images need nothing.
 */
export async function storedLogin(reference: string, env: NodeJS.ProcessEnv): Promise<StoredLogin | undefined> {
  const keys = keysOf(reference);
  for (const path of configFiles(env)) {
    const login = await loginIn(await readConfig(path), keys, env);
    if (login !== undefined) return login;
  }
  return undefined;
}

/** Where engines' commands keep logins. A file that a variable names comes first. */
function configFiles(env: NodeJS.ProcessEnv): readonly string[] {
  const home = env.HOME || homedir();
  return [
    ...(env.REGISTRY_AUTH_FILE ? [env.REGISTRY_AUTH_FILE] : []),
    join(env.DOCKER_CONFIG || join(home, ".docker"), "config.json"),
    ...(env.XDG_RUNTIME_DIR ? [join(env.XDG_RUNTIME_DIR, "containers/auth.json")] : []),
    join(env.XDG_CONFIG_HOME || join(home, ".config"), "containers/auth.json"),
  ];
}

/** The names under which a login may be stored, the most specific first: Podman also keeps logins for a part of a registry. */
function keysOf(reference: string): readonly string[] {
  const { registry, path } = parseImageName(reference);
  const parts = path.split("/");
  const prefixes = parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join("/"));
  const hosts = registry === "docker.io" ? [dockerHub, registry] : [registry, `https://${registry}`];
  return [...prefixes, ...hosts];
}

async function loginIn(
  { auths = {}, credHelpers = {}, credsStore }: LoginConfig,
  keys: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<StoredLogin | undefined> {
  for (const key of keys) {
    const helper = credHelpers[key] ?? (key in auths || isHost(key) ? credsStore : undefined);
    const answer = helper === undefined ? undefined : await askHelper(helper, key, env);
    if (answer !== undefined) return answer;
    const { auth, identitytoken } = auths[key] ?? {};
    if (identitytoken) return login(tokenUser, identitytoken);
    if (!auth) continue;
    const [username = "", ...password] = Buffer.from(auth, "base64").toString("utf8").split(":");
    return login(username, password.join(":"));
  }
  return undefined;
}

function isHost(key: string): boolean {
  return key === dockerHub || !key.includes("/");
}

async function askHelper(helper: string, key: string, env: NodeJS.ProcessEnv): Promise<StoredLogin | undefined> {
  // A helper that is missing or has nothing is no reason to stop: the image may be public.
  const answer = await execa(`docker-credential-${helper}`, ["get"], {
    input: key,
    env,
    reject: false,
    timeout: helperTimeoutMs,
  });
  if (answer.failed) return undefined;
  const parsed = z.object({ Username: z.string(), Secret: z.string() }).safeParse(parseJson(answer.stdout));
  return parsed.success ? login(parsed.data.Username, parsed.data.Secret) : undefined;
}

function login(username: string, secret: string): StoredLogin {
  return { username: username === tokenUser ? "" : username, secret: new Secret("a registry's login", secret) };
}

async function readConfig(path: string): Promise<LoginConfig> {
  // No configuration, or one that cannot be read: nothing is stored.
  const text = await readHostText(path).catch(() => undefined);
  return configSchema.safeParse(parseJson(text ?? "{}")).data ?? {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
