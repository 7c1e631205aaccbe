import { findCredential } from "@glovebox/core";
import type { CloudSpec } from "@glovebox/core/harness";
import { describeHostProxy } from "@glovebox/core/host-proxy";
import { type Finding, SandboxError } from "@glovebox/core/provider";
import { stateDirectory } from "@glovebox/core/state";
import { safeText } from "@glovebox/core/text";
import { version } from "../built-in.ts";
import { type LoadedProvider, loadRunHarness } from "../config/plugins.ts";
import { loadProjectConfig } from "../config/project-config.ts";
import { loadUserConfig } from "../config/user-config.ts";
import { loginSource } from "../login/login-source.ts";
import { LoginStore } from "../login/login-store.ts";
import { missingCredential } from "../plan/credential.ts";
import { readProjectSecrets } from "../plan/sandbox-env.ts";
import { PluginFlags } from "../plugins/plugin-flags.ts";
import { readPluginManifests } from "../plugins/plugin-manifests.ts";
import { asTyped } from "../print/command-name.ts";
import { adviceLine } from "../print/describe-remedy.ts";
import { shownMessage } from "../print/shown-message.ts";
import type { Terminal } from "../terminal.ts";
import { buildTemplate } from "./build-template.ts";
import { openProvider, type ProviderOptions } from "./open-provider.ts";

export interface DoctorOptions extends ProviderOptions {
  readonly harness?: string;
  readonly fix?: boolean;
}

/** `glovebox doctor`: checks whether a run can start here, with `--fix` sets up first, and prints each finding. */
export async function runDoctor(options: DoctorOptions, terminal: Terminal): Promise<number> {
  let ready = true;
  const check = async (name: string, examination: () => Promise<readonly Finding[]>) => {
    for (const finding of await attempt(name, examination)) {
      if (finding.status === "problem") ready = false;
      print(finding, options, terminal);
    }
  };
  await check("versions", () => versions(options, terminal));
  await check("configuration", () => configuration(terminal));
  await check("credential", () => credential(options, terminal));
  await check("proxy", async () => proxies(terminal));
  if (options.fix) await check("fix", () => fix(options, terminal));
  let loaded: LoadedProvider | undefined;
  await check("provider", async () => {
    loaded = await openProvider(terminal, options);
    await loaded.requireSetUp();
    return (await loaded.provider.preflight()).findings;
  });
  const provider = loaded;
  if (ready && provider !== undefined) await check("template", () => templates(provider, options, terminal));
  return ready ? 0 : 3;
}

async function harnessOf(options: DoctorOptions, { env, cwd }: Terminal) {
  const home = stateDirectory(env);
  const { config: user } = await loadUserConfig(home);
  return await loadRunHarness({ options, user, home, directory: cwd });
}

async function versions(options: DoctorOptions, terminal: Terminal): Promise<readonly Finding[]> {
  const { id, npmVersion } = (await harnessOf(options, terminal)).template();
  const inside = npmVersion === undefined ? id : `${id} ${npmVersion}`;
  const message = `Glovebox ${version}, ${inside} in the sandbox, Node ${process.versions.node}`;
  return [{ name: "versions", status: "ok", message }];
}

/** A check that throws is a finding, too. */
async function attempt(name: string, look: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await look();
  } catch (error) {
    if (!SandboxError.isInstance(error)) {
      return [{ name, status: "problem", message: error instanceof Error ? error.message : String(error) }];
    }
    const { message, hint, remedy } = error;
    return [{ name, status: "problem", message, ...(hint !== undefined && { hint }), ...(remedy && { remedy }) }];
  }
}

async function fix(options: DoctorOptions, terminal: Terminal): Promise<readonly Finding[]> {
  // stdout is for the findings: the lines of the build go to stderr.
  await buildTemplate({ ...options, json: false }, { ...terminal, stdout: terminal.stderr });
  return [];
}

async function configuration({ env, cwd }: Terminal): Promise<readonly Finding[]> {
  const home = stateDirectory(env);
  const { warnings } = await loadUserConfig(home);
  await loadProjectConfig(cwd);
  if (warnings.length === 0) return [{ name: "configuration", status: "ok", message: `State in ${home}` }];
  return warnings.map((message) => ({ name: "configuration", status: "notice" as const, message }));
}

/** The credential that a run with the same options would use. */
async function credential(options: DoctorOptions, terminal: Terminal): Promise<readonly Finding[]> {
  const { env, cwd } = terminal;
  const harness = await harnessOf(options, terminal);
  const names = harness.credentials.map((spec) => spec.variable);
  const flags = new PluginFlags(readPluginManifests(stateDirectory(env)));
  const { config: user } = await loadUserConfig(stateDirectory(env));
  const profile = env.GLOVEBOX_PROFILE || user.profile;
  const login = await loginSource(new LoginStore({ home: stateDirectory(env), env }), harness, profile);
  const environment = { name: "your environment", values: env };
  const saved = login?.secret === undefined ? [] : [{ name: login.name, values: { [login.variable]: login.secret } }];
  const cloud = harness.clouds === undefined ? undefined : await chosen(harness.clouds, env);
  if (cloud !== undefined)
    return [{ name: "credential", status: "ok", message: `${cloud.name} from your environment` }];
  const found = findCredential(harness, [
    ...flags.sources(options),
    ...(profile === undefined ? [environment, ...saved] : [...saved, environment]),
    await readProjectSecrets(cwd, names),
  ]);
  const name = "credential";
  if (found !== undefined) return [{ name, status: "ok", message: `${found.spec.variable} from ${found.source}` }];
  if (login?.from !== undefined) {
    return [{ name, status: "ok", message: `${login.variable} from ${login.name}, which ${login.from} keeps` }];
  }
  const { message, hint } = missingCredential(harness, env, { name: options.harness ?? user.harness });
  return [{ name, status: "notice", message, ...(hint === undefined ? {} : { hint }) }];
}

async function chosen(clouds: readonly CloudSpec[], env: Terminal["env"]): Promise<CloudSpec | undefined> {
  const { chosenCloud } = await import("@glovebox/model-accounts");
  return chosenCloud(clouds, env);
}

async function templates(
  { diagnose }: LoadedProvider,
  options: DoctorOptions,
  terminal: Terminal,
): Promise<readonly Finding[]> {
  return await diagnose([(await harnessOf(options, terminal)).template()]);
}

/** The proxies that connections of this machine go through, as its variables name them. */
function proxies({ env }: Terminal): readonly Finding[] {
  const name = "proxy";
  const { proxies, bypass, notices } = describeHostProxy(env);
  const found = proxies.map((proxy): Finding => {
    if (proxy.problem !== undefined) return { name, status: "problem", message: proxy.problem };
    return { name, status: "ok", message: `${proxy.address} for ${proxy.scheme}, from ${proxy.variable}` };
  });
  if (proxies.length > 0 && bypass !== undefined)
    found.push({
      name,
      status: "ok",
      message: `${bypass.list} without a proxy, from ${bypass.variable}; and loopback`,
    });
  return [...found, ...notices.map((message) => ({ name, status: "notice" as const, message }))];
}

function print(finding: Finding, options: DoctorOptions, { stdout, env }: Terminal): void {
  if (options.json) {
    stdout.json(finding);
    return;
  }
  const { green, yellow, red, dim } = stdout.colors;
  const mark = { ok: green("ok     "), notice: yellow("notice "), problem: red("problem") }[finding.status];
  stdout.line(`${mark}  ${finding.name.padEnd(14)} ${shownMessage(asTyped(finding.message, env))}`, 24);
  const advice = adviceLine(finding);
  if (advice !== undefined) stdout.line(`${" ".repeat(24)}${dim("→")} ${asTyped(safeText(advice), env)}`, 26);
}
