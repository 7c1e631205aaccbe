import { execa } from "execa";
import { isInstalled } from "../is-installed.ts";
import type { Environment } from "../terminal.ts";

/** The system's store of secrets. Every call ends within a minute; one without an answer throws. */
export interface Keychain {
  /** As it is called in messages. */
  readonly name: string;
  read(account: string): Promise<string | undefined>;
  write(account: string, secret: string): Promise<void>;
  remove(account: string): Promise<void>;
}

/** A question to unlock it may wait for somebody. */
const timeoutMs = 60_000;
const service = "glovebox";

/** The keychain of this system; `undefined` where there is no known one. */
export function systemKeychain(env: Environment, platform: string = process.platform): Keychain | undefined {
  if (platform === "darwin") return macKeychain(env);
  // Without a session bus nobody could answer.
  const mayAnswer = platform === "linux" && env.DBUS_SESSION_BUS_ADDRESS && isInstalled("secret-tool", env);
  return mayAnswer ? secretService(env) : undefined;
}

function macKeychain(env: Environment): Keychain {
  const security = (args: readonly string[], input = "") => call("security", args, { env, input });
  const item = (account: string) => ["-s", service, "-a", account];
  return {
    name: "your keychain",
    read: async (account) => {
      const { code, stdout } = await security(["find-generic-password", ...item(account), "-w"]);
      // 44: there is no such item.
      return code === 44 ? undefined : checked("security", code, stdout).trim();
    },
    write: async (account, secret) => {
      // Its command comes on standard input, so that the secret is in nobody's list of processes.
      const hex = Buffer.from(secret).toString("hex");
      const { code, stdout } = await security(
        ["-i"],
        `add-generic-password -U -s ${service} -a ${account} -l Glovebox -X ${hex}\n`,
      );
      checked("security", code, stdout);
    },
    remove: async (account) => {
      const { code, stdout } = await security(["delete-generic-password", ...item(account)]);
      if (code !== 44) checked("security", code, stdout);
    },
  };
}

/** GNOME Keyring, KWallet and the like, by libsecret's own tool. */
function secretService(env: Environment): Keychain {
  const tool = (args: readonly string[], input = "") => call("secret-tool", args, { env, input });
  const attributes = (account: string) => ["service", service, "account", account];
  return {
    name: "your keyring",
    read: async (account) => {
      const { code, stdout, stderr } = await tool(["lookup", ...attributes(account)]);
      // It ends with 1 and no word where there is no such item.
      return code === 1 && stderr === "" ? undefined : checked("secret-tool", code, stdout);
    },
    write: async (account, secret) => {
      const { code, stdout } = await tool(["store", "--label=Glovebox", ...attributes(account)], secret);
      checked("secret-tool", code, stdout);
    },
    remove: async (account) => {
      const { code, stdout, stderr } = await tool(["clear", ...attributes(account)]);
      if (code !== 1 || stderr !== "") checked("secret-tool", code, stdout);
    },
  };
}

async function call(
  file: string,
  args: readonly string[],
  options: { readonly env: Environment; readonly input: string },
) {
  const { exitCode, stdout, stderr } = await execa(file, args, {
    ...{ env: options.env, extendEnv: false, input: options.input, timeout: timeoutMs, reject: false },
  });
  return { code: exitCode, stdout: stdout ?? "", stderr: stderr ?? "" };
}

/** What it says itself is not repeated: nothing of a secret may get into a message. */
function checked(program: string, code: number | undefined, stdout: string): string {
  if (code === 0) return stdout;
  throw new Error(code === undefined ? `${program} could not be used` : `${program} ended with ${code}`);
}
