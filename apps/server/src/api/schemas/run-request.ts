import { componentKinds } from "@glovebox/components";
import { z } from "@hono/zod-openapi";

const name = z.string().min(1).max(200);
const repositoryUrl = z
  .string()
  .max(2048)
  .regex(/^https:\/\/[^\s@]+$/, "must be an https URL without a user name")
  .openapi({
    description: "An https URL. It must not contain a user name or a password.",
    example: "https://github.com/honojs/hono",
  });

/** Where the files come from that a run begins with. */
export const workspaceSchema = z
  .union([
    z.strictObject({ upload: name.openapi({ description: "The `uploadId` of `POST /v1/uploads`." }) }),
    z.strictObject({
      git: z.strictObject({
        url: repositoryUrl,
        ref: z
          .string()
          .max(200)
          .regex(/^[\w][\w./-]*$/)
          .optional()
          .openapi({ description: "A branch, tag or commit. Default: the repository's default branch." }),
        subdirectory: z.string().min(1).max(500).optional(),
      }),
    }),
  ])
  .openapi("Workspace");

/** A component, as a run asks for it. */
const componentRequestSchema = z
  .strictObject({
    kind: z.enum(componentKinds),
    // Not a path: what is on the server's disk is not the client's to name.
    name: z
      .string()
      .max(200)
      .regex(/^\w[\w.-]*([:/][\w.-]*\w)*$/, "must be the name of a component in a catalog"),
  })
  .openapi("ComponentRequest", { example: { kind: "agent", name: "frontend-developer" } });

const networkSchema = z.strictObject({
  mode: z.enum(["none", "sealed", "standard", "open"]).optional().openapi({ description: "Default: `sealed`." }),
  allow: z
    .array(z.string().min(1).max(300))
    .max(200)
    .optional()
    .openapi({
      description: "Hosts that may be reached, as --allow-host accepts them.",
      example: ["example.com:8443"],
    }),
});

const resourcesSchema = z.strictObject({
  cpus: z.number().positive().optional(),
  memoryMiB: z.int().positive().optional(),
  pids: z.int().positive().optional(),
  diskMiB: z.int().positive().optional(),
  openFiles: z.int().positive().optional(),
  tmpMiB: z.int().positive().optional(),
  shmMiB: z.int().positive().optional(),
});

const collectLimitsSchema = z.strictObject({
  fileBytes: z.int().positive().optional(),
  totalBytes: z.int().positive().optional(),
});

/** What can be chosen for a run besides its prompt. */
export const runChoices = {
  name: name.optional().openapi({ description: "A name for people." }),
  model: name.optional(),
  maxTurns: z.int().min(1).optional(),
  allowedTools: z
    .array(name)
    .max(200)
    .optional()
    .openapi({ description: "The tools that the agent may use. Default: all." }),
  appendSystemPrompt: z.string().max(100_000).optional(),
  extraArgs: z
    .array(z.string().max(10_000))
    .max(200)
    .optional()
    .openapi({ description: "Further arguments of the agent's program." }),
  jsonSchema: z
    .record(z.string(), z.unknown())
    .optional()
    .openapi({ description: "A JSON Schema of an object: the result has a `structuredOutput` that matches it." }),
  labels: z.record(z.string().min(1).max(63), z.string().max(256)).optional(),
  timeoutMs: z.int().min(1000).optional().openapi({ description: "The time limit, in milliseconds." }),
  idleTimeoutMs: z.int().min(1000).optional().openapi({ description: "The limit of time without activity." }),
  maxCostUsd: z.number().positive().optional().openapi({ description: "What the models may cost, in US dollars." }),
  maxTokens: z.int().positive().optional().openapi({ description: "How many tokens the models may use." }),
  maxCostPerAgentUsd: z.number().positive().optional(),
  maxTokensPerAgent: z.int().positive().optional(),
  strictBudget: z.boolean().optional(),
  priority: z.int().min(0).max(9).optional().openapi({ description: "Default: 5. A higher one is started first." }),
};

/** Everything that can be set for a run besides its prompt. */
export const runSettings = {
  ...runChoices,
  harness: name
    .optional()
    .openapi({ description: "The coding agent, by the name that the server knows. Default: the server's." }),
  provider: name
    .optional()
    .openapi({ description: "Where the sandbox runs. One of `GET /v1/providers`. Default: the server's." }),
  template: name.optional().openapi({ description: "A template of the server: one of `GET /v1/templates`." }),
  image: z
    .string()
    .max(512)
    .regex(/^[a-z0-9][\w.:/@-]*$/, "not a reference of an image")
    .refine((reference) => !reference.includes("..") && !reference.includes("//"), "not a reference of an image")
    .optional()
    .openapi({ description: "The image to start from." }),
  components: z
    .array(componentRequestSchema)
    .max(100)
    .optional()
    .openapi({ description: "Components to install, from `GET /v1/components`." }),
  workspace: workspaceSchema.optional(),
  network: networkSchema.optional(),
  env: z
    .record(z.string().regex(/^[A-Za-z_]\w{0,127}$/), z.string().max(32_768))
    .optional()
    .openapi({
      description: "Environment variables in the sandbox. They are kept with the run: do not put secrets into them.",
    }),
  resources: resourcesSchema.optional(),
  ignore: z
    .array(z.string().max(1000))
    .max(1000)
    .optional()
    .openapi({ description: "Files to leave out of the result, in .gitignore syntax." }),
  limits: collectLimitsSchema.optional().openapi({ description: "The largest file, and the total, that come back." }),
  rootInside: z
    .boolean()
    .optional()
    .openapi({ description: "Let apt and sudo work in the sandbox, if the server allows it." }),
  interactive: z.boolean().optional().openapi({ description: "Start the agent in a terminal, which users attach to." }),
  keep: z.boolean().optional().openapi({ description: "Leave the sandbox running at the end, until its lease ends." }),
  keepSnapshot: z.boolean().optional(),
};

/** The body of `POST /v1/runs`. */
export const runRequestSchema = z
  .strictObject({
    prompt: z
      .string()
      .max(1_000_000)
      .openapi({ description: "What the agent should do. Only an interactive run may have an empty one." }),
    ...runSettings,
  })
  .refine(({ prompt, interactive }) => prompt !== "" || interactive === true, {
    path: ["prompt"],
    error: "must not be empty",
  })
  .refine(({ template, image }) => template === undefined || image === undefined, {
    path: ["image"],
    error: "cannot be used together with template",
  })
  .openapi("RunRequest");

/** See {@link runRequestSchema}. */
export type RunRequest = z.infer<typeof runRequestSchema>;

/** The body of `POST /v1/runs/{id}/resume`: what is not set is as in the run that it continues. */
export const resumeRequestSchema = z
  .strictObject({ prompt: z.string().min(1).max(1_000_000), ...runChoices })
  .openapi("ResumeRequest");

/** The body of `POST /v1/runs/{id}/fork`: a run for each prompt. */
export const forkRequestSchema = z
  .strictObject({ prompts: z.array(z.string().min(1).max(1_000_000)).min(1).max(50), ...runChoices })
  .openapi("ForkRequest");

/** See {@link resumeRequestSchema}. */
export type ResumeRequest = z.infer<typeof resumeRequestSchema>;
