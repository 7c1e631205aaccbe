import type { SessionMode, SessionModeState } from "@agentclientprotocol/sdk";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeName } from "@glovebox/core/text";

/** How freely the agent works. The sandbox is the limit in both modes. */
export type AgentMode = "free" | "ask";

const modes: readonly (SessionMode & { readonly id: AgentMode })[] = [
  { id: "free", name: "Work freely", description: "The agent does everything in its sandbox without asking." },
  {
    id: "ask",
    name: "Ask first",
    description: "The agent asks before it changes a file or runs a command in its sandbox.",
  },
];

/** The modes as a session of the protocol has them. */
export function modeState(currentModeId: AgentMode): SessionModeState {
  return { currentModeId, availableModes: [...modes] };
}

/** The mode with this id. Throws `invalid-options` for another one. */
export function modeOf(id: string): AgentMode {
  const mode = modes.find((one) => one.id === id);
  if (mode !== undefined) return mode.id;
  throw new InvalidOptionsError(`There is no mode ${safeName(id)}`, {
    hint: `The modes are ${modes.map((one) => one.id).join(" and ")}.`,
  });
}
