import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Harness } from "@glovebox/core/harness";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemKeychain } from "./keychain.ts";
import { loginSource, unnamedProfile } from "./login-source.ts";
import { LoginStore } from "./login-store.ts";

/** Keeps a secret in a file named by its account, and notes the arguments of every call. */
const secretTool = `#!/bin/sh
echo "$@" >> "$0.calls"
action=$1; shift
while [ $# -gt 1 ]; do case $1 in account) account=$2;; esac; shift; done
[ ! -e "$0.locked" ] || { echo locked >&2; exit 1; }
case $action in
  store) cat > "$0.$account";;
  lookup) [ -e "$0.$account" ] && cat "$0.$account" || exit 1;;
  clear) rm -f "$0.$account";;
esac
`;

let root: string;
let home: string;
const credential = { variable: "ANTHROPIC_API_KEY", secret: "sk-ant-api03-0123456789abcdef" };
const tool = (suffix = "") => join(root, "bin", `secret-tool${suffix}`);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "glovebox-login-"));
  home = join(root, "home");
  mkdirSync(join(root, "bin"));
  writeFileSync(tool(), secretTool);
  chmodSync(tool(), 0o755);
});
afterEach(() => rmSync(root, { recursive: true }));

const inFile = () => new LoginStore({ home, env: {}, keychain: undefined });
function inKeyring() {
  const env = { PATH: `${join(root, "bin")}:${process.env.PATH}`, DBUS_SESSION_BUS_ADDRESS: "unix:path=/none" };
  return new LoginStore({ home, env, keychain: systemKeychain(env, "linux") });
}

describe("a saved credential", () => {
  it("is in a file that only its user may read, where there is no keychain", async () => {
    const { login, place } = await inFile().save("work", credential);
    expect(login).toMatchObject({ profile: "work", keptIn: "file" });
    expect(statSync(place).mode & 0o777).toBe(0o600);
    expect(await inFile().secretOf("work")).toEqual(credential);
    expect(JSON.stringify(inFile().list())).not.toContain(credential.secret);
    expect(await inFile().remove("work")).toBe(true);
    expect(readFileSync(place, "utf8")).not.toContain(credential.secret);
    expect(await inFile().remove("work")).toBe(false);
  });

  it("is refused when others can read its file", async () => {
    const { place } = await inFile().save("default", credential);
    chmodSync(place, 0o644);
    await expect(inFile().secretOf("default")).rejects.toMatchObject({ code: "invalid-options", hint: /chmod 600/ });
  });

  it("is in the keyring where one answers: not in the file, and never on a command line", async () => {
    const { login, place } = await inKeyring().save("work", credential);
    expect(login.keptIn).toBe("keychain");
    expect(place).toBe("your keyring");
    expect(await inKeyring().secretOf("work")).toEqual(credential);
    expect(readFileSync(inFile().file, "utf8")).not.toContain(credential.secret);
    expect(readFileSync(tool(".calls"), "utf8")).not.toContain(credential.secret);
    // Where the same is saved in the file, the keyring forgets it.
    await inKeyring().save("work", credential, { inFile: true });
    const account = /account (\S+)/.exec(readFileSync(tool(".calls"), "utf8"))?.[1];
    expect(existsSync(tool(`.${account}`))).toBe(false);
    expect(await inFile().secretOf("work")).toEqual(credential);
  });

  it("is in the file when the keyring refuses, and one that the keyring lost is an error", async () => {
    await inKeyring().save("work", credential);
    writeFileSync(tool(".locked"), "");
    await expect(inKeyring().secretOf("work")).rejects.toMatchObject({ code: "authentication" });
    const saved = await inKeyring().save("other", credential);
    expect(saved).toMatchObject({ login: { keptIn: "file" }, problem: "secret-tool ended with 1" });
  });
});

const harness = { id: "one", credentials: [{ variable: credential.variable }] } as unknown as Harness;

it("a run takes the named login, else the default or the only one", async () => {
  const store = inFile();
  expect(await loginSource(store, harness, undefined)).toBeUndefined();
  await store.save("work", credential);
  expect((await loginSource(store, harness, undefined))?.name).toBe("the login work");
  await store.save("other", credential);
  expect(await loginSource(store, harness, undefined)).toBeUndefined();
  await store.save("default", credential);
  expect((await loginSource(store, harness, undefined))?.name).toBe("the login default");
  expect(await loginSource(store, harness, "other")).toMatchObject(credential);
  await expect(loginSource(store, harness, "wrok")).rejects.toMatchObject({ code: "authentication" });
});

it("logins of several harnesses are kept beside each other, and each harness takes one that it can use", async () => {
  const store = inFile();
  const other = { id: "two", credentials: [{ variable: "OTHER_KEY" }] } as unknown as Harness;
  expect(unnamedProfile(store, harness)).toBe("default");
  await store.save("default", credential);
  expect(unnamedProfile(store, harness)).toBe("default");
  expect(unnamedProfile(store, other)).toBe("two");
  expect(await loginSource(store, other, undefined)).toBeUndefined();
  for (const profile of ["two", "work"]) await store.save(profile, { variable: "OTHER_KEY", secret: profile });
  expect(await loginSource(store, other, undefined)).toMatchObject({ secret: "two" });
  expect((await loginSource(store, harness, undefined))?.name).toBe("the login default");
});
