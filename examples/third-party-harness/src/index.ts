export { createSmallAgent, harness } from "./small-agent.ts";
export type { SmallAgentSettings } from "./small-agent-settings.ts";
