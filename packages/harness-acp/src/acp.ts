import { agentOutcome, type Harness } from "@glovebox/core/harness";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { z } from "zod";
import { acpCommand, acpPlaces } from "./acp-command.ts";
import { type AcpSettings, acpSettingsSchema } from "./acp-settings.ts";
import { Conversation } from "./conversation/conversation.ts";
import type { AgentProfile } from "./profile/agent-profile.ts";
import { agentProfiles } from "./profile/agent-profiles.ts";
import { profileEndpoint } from "./profile/profile-endpoint.ts";
import { parseConversation } from "./stream/parse-conversation.ts";

const chooseProfile = `Set \`profile\` to one of ${Object.keys(agentProfiles).join(", ")}, or to one of your own \`profiles\`, or use the harness acp-NAME.`;

/**
 * An agent that speaks the Agent Client Protocol, by the name of its profile. Does no I/O. Settings that are not known, and a
 * profile that is not there, are `invalid-options`.
 */
export function createAcp(settings: AcpSettings): Harness {
  if (settings.profile === undefined) {
    throw new InvalidOptionsError("No agent of the Agent Client Protocol is chosen", { hint: chooseProfile });
  }
  const parsed = acpSettingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new InvalidOptionsError(
      `The settings of the Agent Client Protocol cannot be used: ${z.prettifyError(parsed.error)}`,
      {
        hint: chooseProfile,
      },
    );
  }
  const { profile: name, pathToBinary, permissions = "allow" } = parsed.data;
  const profile = profileOf(name, parsed.data);
  const { endpoint, credentials } = profileEndpoint(profile);
  const failedAnswer = profile.failedAnswer === undefined ? undefined : new RegExp(profile.failedAnswer);
  const heartbeat = profile.heartbeat === undefined ? undefined : new RegExp(profile.heartbeat);
  const version = parsed.data.version ?? profile.version;
  const check = profile.check ?? { argv: [profile.command[0], "--version"], prints: version };
  return {
    specificationVersion: 1,
    id: `acp-${name}`.slice(0, 63),
    endpoints: [endpoint],
    credentials,
    ...(profile.credentialHint === undefined ? {} : { credentialHint: profile.credentialHint }),
    ...(profile.sessionsDirectory === undefined
      ? {}
      : { sessions: { directory: profile.sessionsDirectory.replace("{home}", "/home/agent") } }),
    ...(profile.askingMode === undefined ? {} : { asksPermission: true as const }),
    template: () => ({ id: `acp-${name}`, npmPackage: profile.npmPackage, npmVersion: version, check }),
    command: (task) => acpCommand(task, { profile, name, pathToBinary }),
    parse: (lines) => parseConversation(lines, failedAnswer),
    ...(heartbeat === undefined ? {} : { isHeartbeat: ({ line }) => heartbeat.test(line) }),
    // The agent's exit says nothing: the end of its input ends it.
    outcome: agentOutcome({ agent: name, program: pathToBinary ?? profile.command[0], exitCounts: false }),
    // The conversation cancels the session itself when the run stops; a signal would end the agent before it answers.
    interrupt: async () => {},
    places: acpPlaces,
    components: {
      command: (task) => acpCommand(task, { profile, name, pathToBinary }),
      start: (dialogue, task) => new Conversation(dialogue, task, { profile, permissions }).lines(),
    },
  };
}

function profileOf(name: string, { profiles = {} }: AcpSettings): AgentProfile {
  const own = Object.hasOwn(profiles, name) ? profiles[name] : undefined;
  const profile = own ?? (Object.hasOwn(agentProfiles, name) ? agentProfiles[name] : undefined);
  if (profile !== undefined) return profile;
  const known = [...new Set([...Object.keys(agentProfiles), ...Object.keys(profiles)])];
  throw new InvalidOptionsError(`There is no profile ${JSON.stringify(name)} of an agent`, {
    hint: `Known: ${known.join(", ")}. Describe another one in \`profiles\` of the harness's settings.`,
  });
}
