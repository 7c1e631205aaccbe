import { z } from "zod";

/** What an id of a row or a batch may look like: it becomes a directory's name and a label's value. */
export const rowIdPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const names = z.array(z.string().min(1));
const above0 = z.number().positive();
const count = z.number().int().positive();

/** The limits of a row, by the names and in the units of the settings of `glovebox run`. */
export const rowLimitsSchema = z.strictObject({
  /** Milliseconds. */
  timeout: count.exactOptional(),
  /** Milliseconds. */
  idleTimeout: count.exactOptional(),
  /** US dollars. */
  maxCost: above0.exactOptional(),
  maxTokens: count.exactOptional(),
  maxTurns: count.exactOptional(),
  cpus: above0.exactOptional(),
  /** MiB. */
  memory: count.exactOptional(),
  pids: count.exactOptional(),
  openFiles: count.exactOptional(),
  /** MiB. */
  tmpSize: count.exactOptional(),
  /** MiB. */
  shmSize: count.exactOptional(),
  /** MiB. */
  disk: count.exactOptional(),
});
/** The limits of a row, by the names and in the units of the settings of `glovebox run`. */
export type RowLimits = z.infer<typeof rowLimitsSchema>;

/** The components of a row, by kind: names in a catalog, or absolute paths. */
export const rowComponentsSchema = z.strictObject({
  agents: names.exactOptional(),
  commands: names.exactOptional(),
  mcp: names.exactOptional(),
  settings: names.exactOptional(),
  hooks: names.exactOptional(),
  skills: names.exactOptional(),
  plugins: names.exactOptional(),
});
/** The components of a row, by kind. */
export type RowComponents = z.infer<typeof rowComponentsSchema>;

/** A row of a batch after defaults, matrix and repetitions: one run, which may take several attempts. */
export const batchRowSchema = z.strictObject({
  /** Unique in the batch: `r001`, or as the file names it. */
  id: z.string().regex(rowIdPattern),
  /** What the candidates for one prompt share: those of a matrix or of `repeat`. The id of a row that is alone. */
  group: z.string().regex(rowIdPattern),
  /** Where the row comes from, for messages: `batch.yaml:12`. */
  source: z.string(),
  prompt: z.string().min(1),
  /** The file that the prompt was read from: an absolute path. */
  promptFile: z.string().exactOptional(),
  /** An absolute path. */
  workspace: z.string().exactOptional(),
  provider: z.string().min(1),
  harness: z.string().min(1),
  model: z.string().min(1).exactOptional(),
  /** The name of a template that was built, or the absolute path of its description. */
  template: z.string().min(1).exactOptional(),
  components: rowComponentsSchema,
  limits: rowLimitsSchema,
  network: z.strictObject({
    mode: z.enum(["none", "sealed", "standard", "open"]).exactOptional(),
    allow: names,
  }),
  /** Names of variables whose values come from the host's environment when the row starts. */
  env: names,
  /** The command that judges the result in a fresh sandbox. */
  verify: z.string().min(1).exactOptional(),
  /** Files that it takes from the project, beside the default ones, in gitignore syntax; with `!`, files that it leaves alone. */
  verifyProtect: names.exactOptional(),
  /** A regular expression that its output has to match. */
  verifyExpect: z.string().min(1).exactOptional(),
  /** How long it may take, in milliseconds. */
  verifyTimeout: count.exactOptional(),
  /** Hosts that it may reach. */
  verifyAllow: names.exactOptional(),
});
/** A row of a batch after defaults, matrix and repetitions. */
export type BatchRow = z.infer<typeof batchRowSchema>;
