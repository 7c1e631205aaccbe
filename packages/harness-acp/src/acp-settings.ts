import { z } from "zod";
import { agentProfileSchema } from "./profile/agent-profile.ts";

const profileName = z.string().regex(/^[a-z][a-z0-9-]*$/, "must be a name of a-z, 0-9 and dashes");

export const acpSettingsSchema = z.strictObject({
  /** The name of the agent's profile: one that this package has, or one of `profiles`. */
  profile: profileName,
  /** Your own profiles. One with the name of a shipped profile replaces it. */
  profiles: z.record(profileName, agentProfileSchema).optional(),
  /** The npm version of the agent's package, in place of the profile's. */
  version: agentProfileSchema.shape.version.optional(),
  /** The program in the sandbox, in place of the profile's: its arguments stay. */
  pathToBinary: z.string().min(1).optional(),
  /** How requests for permission are answered. Default: `allow`, because the sandbox is the limit. */
  permissions: z.enum(["allow", "reject"]).optional(),
});

/** The settings of the harness. */
export type AcpSettings = Readonly<z.infer<typeof acpSettingsSchema>>;
