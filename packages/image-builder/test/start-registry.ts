import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { execa } from "execa";
import { type TokenIssuer, tokenIssuer } from "./token-issuer.ts";

/** Who may use the registry: everybody, or one user, who logs in to it or to its token server. */
export type RegistryAccess = "open" | "password" | "token";

/** The one user whom a registry with a login knows. */
export const registryUser = { username: "me", password: "pass-of-mine" } as const;

// Of that password, by bcrypt with few rounds.
const passwordLine = "me:$2y$05$whm7sge8qZ4wmhaQXD353eaig9YyOEgP/5Ssy6D960f4TZl/W2wsC\n";

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  /** What was requested, each as `HEAD /v2/…`, with the answer's status. */
  readonly requests: string[];
  /** Writes the configuration of a docker CLI that has logged in, and returns its directory: `DOCKER_CONFIG`. */
  logIn(password?: string): Promise<string>;
}

/** Starts Debian's registry on loopback, with an empty store. Fails where it is not installed: see tooling/prepare-registry. */
export async function startRegistry(access: RegistryAccess = "open"): Promise<TestRegistry> {
  const directory = await mkdtemp(join(tmpdir(), "glovebox-registry-"));
  const tokens = access === "token" ? await startTokenServer(directory) : undefined;
  await writeFile(join(directory, "htpasswd"), passwordLine);
  await writeFile(join(directory, "config.yml"), configuration(directory, access, tokens));
  const child = execa("docker-registry", ["serve", join(directory, "config.yml")], {
    reject: false,
    buffer: false,
    stdin: "ignore",
    env: { OTEL_TRACES_EXPORTER: "none" },
  });
  const requests: string[] = [];
  const listening = new Promise<string>((resolve, reject) => {
    const last: string[] = [];
    const read = (line: string): void => {
      last.push(line);
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) resolve(address);
      const [, request, status] = /"((?:HEAD|GET|PUT|POST|PATCH) \S+) HTTP[^"]*" (\d+)/.exec(line) ?? [];
      if (request !== undefined) requests.push(`${request} ${status}`);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on("line", read);
    child.then(() => reject(new Error(`docker-registry ended: ${last.slice(-5).join("\n")}`)), reject);
  });
  const host = await listening;
  return {
    host,
    requests,
    async logIn(password = registryUser.password) {
      const place = await mkdtemp(join(directory, "login-"));
      const auth = Buffer.from(`${registryUser.username}:${password}`).toString("base64");
      await writeFile(join(place, "config.json"), JSON.stringify({ auths: { [host]: { auth } } }));
      return place;
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child;
      await tokens?.[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
}

interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  readonly issuer: TokenIssuer;
}

async function startTokenServer(directory: string): Promise<TokenServer> {
  const issuer = await tokenIssuer(directory);
  const expected = `Basic ${Buffer.from(`${registryUser.username}:${registryUser.password}`).toString("base64")}`;
  const server = createServer(({ url = "", headers }, response) => {
    const { searchParams } = new URL(url, "http://localhost");
    if (headers.authorization !== expected) response.writeHead(401).end();
    else response.end(JSON.stringify({ token: issuer.token(searchParams.getAll("scope").join(" ")) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    issuer,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function configuration(directory: string, access: RegistryAccess, tokens: TokenServer | undefined): string {
  const auth = {
    open: {},
    password: { auth: { htpasswd: { realm: "test", path: join(directory, "htpasswd") } } },
    token: {
      auth: {
        token: {
          ...{ realm: tokens?.realm, service: "registry", issuer: "glovebox-test" },
          rootcertbundle: tokens?.issuer.certificateFile,
        },
      },
    },
  }[access];
  // JSON is YAML.
  return JSON.stringify({
    version: 0.1,
    log: { accesslog: { disabled: false } },
    storage: { filesystem: { rootdirectory: join(directory, "store") }, delete: { enabled: true } },
    http: { addr: "127.0.0.1:0" },
    ...auth,
  });
}
