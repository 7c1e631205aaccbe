/**
 * Agents of the Agent Client Protocol as harnesses.
 *
 * @module @glovebox/harness-acp
 */
export { createAcp } from "./acp.ts";
export type { AcpSettings } from "./acp-settings.ts";
export { harness } from "./plugin.ts";
export type { AgentProfile } from "./profile/agent-profile.ts";
export { agentProfiles } from "./profile/agent-profiles.ts";
