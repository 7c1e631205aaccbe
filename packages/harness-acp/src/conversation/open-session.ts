import {
  type ClientContext,
  type InitializeResponse,
  type McpServer,
  methods,
  PROTOCOL_VERSION,
  type SendRequestOptions,
} from "@agentclientprotocol/sdk";
import type { HarnessDialogue, HarnessTask } from "@glovebox/core/harness";
import { z } from "zod";
import type { AgentProfile } from "../profile/agent-profile.ts";
import type { SessionReport } from "../stream/conversation-report.ts";
import { AgentFailure } from "./result-reports.ts";

export interface OpenSession {
  readonly sessionId: string;
  readonly report: SessionReport;
}

interface OpenOptions {
  readonly agent: ClientContext;
  readonly initialized: InitializeResponse;
  readonly mcpServers: McpServer[];
  readonly profile: AgentProfile;
  readonly task: HarnessTask;
  readonly dialogue: HarnessDialogue;
  readonly options: () => SendRequestOptions;
}

const name = z.string().max(1024);
const loose = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
/** What is read of an open session. Agents before the options of a session have `models` and `modes`. */
const stateSchema = z.object({
  sessionId: loose(name),
  modes: loose(z.object({ availableModes: z.array(z.object({ id: name })) })),
  models: loose(z.object({ currentModelId: name })),
  configOptions: loose(
    z.array(z.object({ id: name, category: loose(name), currentValue: loose(z.union([name, z.boolean()])) })),
  ),
});

/** Opens a session, or loads the one that the task continues, in the mode and with the model of the task. */
export async function openSession(open: OpenOptions): Promise<OpenSession> {
  const { initialized, task, profile, dialogue, mcpServers } = open;
  if (initialized.protocolVersion !== PROTOCOL_VERSION)
    throw new AgentFailure(
      `The agent speaks version ${initialized.protocolVersion} of the protocol, not ${PROTOCOL_VERSION}`,
    );
  const state = stateSchema.parse(await begin(open));
  const sessionId = task.resumeSessionId ?? state.sessionId;
  if (!sessionId) throw new AgentFailure("The agent gave its session no id");
  const modes = state.modes?.availableModes ?? [];
  const mode = task.asksPermission ? profile.askingMode : profile.mode;
  if (mode !== undefined && modes.some(({ id }) => id === mode))
    await open.agent.request(methods.agent.session.setMode, { sessionId, modeId: mode }, open.options());
  else if (task.asksPermission) throw new AgentFailure(`The agent has no mode ${mode} in which it asks`);
  else if (mode !== undefined)
    dialogue.warn("agent-mode", `The agent has no mode ${mode}; what it asks is answered by the run`);
  const option = state.configOptions?.find(({ id, category }) => category === "model" || id === "model");
  if (task.model !== undefined && profile.modelOption === "session") await setModel(open, sessionId, option?.id);
  const known = typeof option?.currentValue === "string" ? option.currentValue : state.models?.currentModelId;
  const model = task.model ?? (known === "default" ? undefined : known);
  const version = initialized.agentInfo?.version;
  return {
    sessionId,
    report: {
      sessionId,
      ...(model === undefined ? {} : { model }),
      ...(typeof version === "string" ? { version: version.slice(0, 64) } : {}),
      mcpServers: mcpServers.map((server) => server.name),
    },
  };
}

async function begin({ agent, initialized, mcpServers, task, options }: OpenOptions): Promise<unknown> {
  const place = { cwd: task.workspaceDir, mcpServers };
  const { resumeSessionId: sessionId } = task;
  if (sessionId === undefined) return await agent.request(methods.agent.session.new, place, options());
  const { agentCapabilities: capabilities } = initialized;
  if (capabilities?.sessionCapabilities?.resume)
    return await agent.request(methods.agent.session.resume, { sessionId, ...place }, options());
  if (!capabilities?.loadSession) throw new AgentFailure("The agent cannot continue a session");
  return await agent.request(methods.agent.session.load, { sessionId, ...place }, options());
}

async function setModel({ agent, task, options }: OpenOptions, sessionId: string, configId: string | undefined) {
  const { model = "" } = task;
  if (configId !== undefined)
    await agent.request(methods.agent.session.setConfigOption, { sessionId, configId, value: model }, options());
  else await agent.request("session/set_model", { sessionId, modelId: model }, options());
}
