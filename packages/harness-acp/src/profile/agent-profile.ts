import { z } from "zod";

const name = z.string().min(1).max(256);
const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of a variable");
/**
 * A text in which `{modelUrl}` is the address of the model's route, `{key}` the credential's placeholder, `{model}` the
 * model's name or the profile's own, `{home}` the user's home and `{workspace}` the workspace.
 */
const template = z.string().max(64 * 1024);
const path = z.strictObject({
  method: z.enum(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]),
  path: z.string().startsWith("/"),
});

const ownEndpoint = z.strictObject({
  id: name,
  upstream: z.url(),
  baseUrlVariable: variable,
  paths: z.array(path).min(1),
  api: z.enum(["anthropic-messages", "openai-responses", "openai-chat", "google-generate"]).optional(),
  credentials: z
    .array(
      z.strictObject({
        variable,
        kind: z.enum(["api-key", "auth-token", "oauth-token"]),
        header: name,
        scheme: name.optional(),
        placeholder: name,
      }),
    )
    .min(1),
});

export const agentProfileSchema = z.strictObject({
  /** The npm package that is installed into the template, and its exact version. */
  npmPackage: name,
  version: z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 1.2.3"),
  /** The program and its arguments. */
  command: z.tuple([template], template),
  /** Prints the version. Default: the program with `--version`. */
  check: z.strictObject({ argv: z.tuple([template], template), prints: z.string() }).optional(),
  env: z.record(variable, template).optional(),
  /** Files outside of the workspace that are written before the agent starts. No secrets. */
  files: z.array(z.strictObject({ path: template, content: template })).optional(),
  /**
   * The model's API: one that the profiles share, by its id, or one of the agent's own. The base URL of `openai` and
   * `openai-chat` has a version, and that of the others has none.
   */
  endpoint: z.union([z.enum(["anthropic", "openai", "openai-chat", "gemini"]), ownEndpoint]),
  credentialHint: z.string().optional(),
  /** The method of `authenticate`, for an agent that wants it before a session. */
  authMethod: name.optional(),
  /** The mode in which the agent does not ask. Absent: it is left in its own, and its requests are answered. */
  mode: name.optional(),
  /** The mode in which the agent asks before it acts. Absent: a run cannot have it ask. */
  askingMode: name.optional(),
  /** The model where the task names none. */
  model: name.optional(),
  /**
   * Where the model's name goes. `template`: `{model}` is in the command, the environment or a file. `session`: it is set
   * in the session. Absent: a task that names a model is refused.
   */
  modelOption: z.enum(["template", "session"]).optional(),
  /** The agent has the extension of the protocol by which it says that a turn failed, and is asked for it. Default: false. */
  saysFailures: z.boolean().optional(),
  /** A line, as a regular expression, that says only that a tool still runs: no activity. */
  heartbeat: z.string().max(1000).optional(),
  /** The directory inside that keeps conversations and no secrets. Absent: a run cannot be continued. */
  sessionsDirectory: template.optional(),
  /**
   * How a final answer begins, as a regular expression, that is the agent's report of a failed request to its model. Of a group
   * named `said` only that group is reported.
   */
  failedAnswer: z.string().max(1000).optional(),
});

/** How an agent is installed, started and led to its model. Plain data: a user's own is in the configuration. */
export type AgentProfile = z.infer<typeof agentProfileSchema>;
