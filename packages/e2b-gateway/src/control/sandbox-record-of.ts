import { ApiError } from "../api-error.ts";
import { envdPort } from "../envd-version.ts";
import type { GatewaySettings } from "../gateway-options.ts";
import { newSandboxId } from "../sandboxes/state/sandbox-id.ts";
import type { SandboxRecord } from "../sandboxes/state/sandbox-record.ts";
import type { ResolvedTemplate } from "../sandboxes/template-source.ts";
import type { NewSandboxRequest } from "./sandbox-request.ts";

/** The disk size that E2B reports; here the disk is the provider's, without a limit. */
const diskSizeMB = 10_240;

export interface NewRecordOptions {
  readonly settings: GatewaySettings;
  /** Whether every sandbox is secured, as the second version of the call has it. */
  readonly alwaysSecure: boolean;
  readonly timeoutMs: number;
}

/** The record of a sandbox to be made. Throws 400 or 501 for what is refused before anything exists. */
export function newSandboxRecord(
  request: NewSandboxRequest,
  template: ResolvedTemplate,
  { settings, alwaysSecure, timeoutMs }: NewRecordOptions,
): SandboxRecord {
  const secure = alwaysSecure || request.secure === true;
  checkRequest(request, settings, secure);
  const now = Date.now();
  return {
    version: 1,
    sandboxId: newSandboxId(),
    templateId: template.templateId,
    ...(template.alias !== undefined && { alias: template.alias }),
    metadata: request.metadata ?? {},
    envVars: { ...template.envVars, ...request.envVars },
    defaultUser: template.defaultUser ?? "user",
    ...(template.defaultWorkdir !== undefined && { defaultWorkdir: template.defaultWorkdir }),
    ...(template.startCmd !== undefined && { startCmd: template.startCmd }),
    secure,
    ...(request.allow_internet_access !== undefined && { allowInternetAccess: request.allow_internet_access }),
    ...(request.network !== undefined && { network: request.network }),
    autoPause: request.autoPause ?? false,
    autoPauseMemory: request.autoPauseMemory ?? true,
    autoResume: request.autoResume?.enabled ?? false,
    startedAt: new Date(now).toISOString(),
    endAt: new Date(now + timeoutMs).toISOString(),
    state: "running",
    memoryKept: false,
    cpuCount: template.cpuCount ?? settings.defaultResources.cpuCount,
    memoryMB: template.memoryMB ?? settings.defaultResources.memoryMB,
    diskSizeMB,
  };
}

function checkRequest(request: NewSandboxRequest, { provider }: GatewaySettings, secure: boolean): void {
  const { network } = request;
  if (network?.allowPublicTraffic === false && !secure) {
    const message =
      "You cannot create a sandbox without public access unless you enable secure envd access via 'secure' flag.";
    throw new ApiError(400, message);
  }
  if (network?.httpsPorts?.includes(envdPort))
    throw new ApiError(400, `httpsPorts cannot hold envd's port ${envdPort}`);
  if (request.volumeMounts?.length) throw new ApiError(400, "Volume mounts are not enabled.");
  if (Object.keys(request.iam?.tokens ?? {}).length > 0) {
    throw new ApiError(501, "Workload identity tokens are not supported by this gateway");
  }
  const { pause, wake } = provider.capabilities;
  const canPause = request.autoPauseMemory === false ? wake : pause;
  if (request.autoPause && !canPause) {
    throw new ApiError(501, `The provider ${provider.id} cannot pause a sandbox, so autoPause is not supported`);
  }
}
