import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface StartedEnvd extends AsyncDisposable {
  readonly url: string;
  /** The home of the user `user`, as the host sees it too. */
  readonly home: string;
  readonly pid: number;
}

export interface EnvdOptions {
  readonly accessToken?: string;
  readonly envVars?: Readonly<Record<string, string>>;
  /** Runs envd as the user `user` and not as root. */
  readonly asUser?: boolean;
}

const main = fileURLToPath(new URL("../../src/guest/main.ts", import.meta.url));

/** What a sandbox is to envd, without one: processes and mounts of its own, and users of its own. */
const script = `
set -e
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mount -t tmpfs -o size=1m tmpfs /mnt
mount --bind "$DIRECTORY/passwd" /etc/passwd
mount --bind "$DIRECTORY/group" /etc/group
$START "$NODE" --conditions=@glovebox/source "$MAIN"
exit $?`;

/** Envd as root, with a user of uid 1000 who is in the group 4000 too. Everything it starts ends with it. */
export async function startEnvd(options: EnvdOptions = {}): Promise<StartedEnvd> {
  const directory = mkdtempSync(join(tmpdir(), "glovebox-envd-"));
  const home = join(directory, "home");
  mkdirSync(home);
  chmodSync(directory, 0o755);
  chownSync(home, 1000, 1000);
  writeFileSync(join(directory, "passwd"), `root:x:0:0::/root:/bin/bash\nuser:x:1000:1000::${home}:/bin/bash\n`);
  writeFileSync(join(directory, "group"), "root:x:0:\nuser:x:1000:\nmore:x:4000:user\n");
  const port = await freePort();
  const { asUser = false, ...config } = options;
  const envd = spawn("unshare", ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", script], {
    env: {
      PATH: process.env.PATH,
      NODE: process.execPath,
      MAIN: main,
      DIRECTORY: directory,
      // The first process is root in either case: with it, everything ends.
      START: asUser ? "setpriv --reuid=1000 --regid=1000 --clear-groups" : "exec",
      HTTPS_PROXY: "http://proxy.test:1",
    },
    stdio: ["pipe", "pipe", "inherit"],
  });
  envd.stdin.end(`${JSON.stringify({ port, defaultUser: "user", envVars: {}, sandboxId: "sandbox", ...config })}\n`);
  const [ready] = await Promise.race([once(envd.stdout, "data"), once(envd, "exit")]);
  if (String(ready) !== "ready\n") throw new Error(`envd has ended with ${String(ready)}`);
  return {
    url: `http://127.0.0.1:${port}`,
    home,
    pid: envd.pid ?? 0,
    async [Symbol.asyncDispose]() {
      envd.kill("SIGKILL");
      if (envd.exitCode === null && envd.signalCode === null) await once(envd, "exit");
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== "object" || address === null) throw new Error("there is no free port");
  return address.port;
}
