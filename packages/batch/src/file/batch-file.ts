import { z } from "zod";
import { rowInputSchema } from "./row-input.ts";

const entry = z.union([z.string(), z.array(z.string())], { error: "Expected a name or a list of names" });

/** The dimensions that multiply the rows. */
export const matrixSchema = z.strictObject({
  prompts: z.array(z.string().regex(/\S/, "The prompt is empty")).min(1).exactOptional().describe("further rows"),
  agents: z
    .array(entry)
    .min(1)
    .exactOptional()
    .describe("sub-agents to compare: each entry is a name or a list of names; [] for no agent"),
  models: z.array(z.string().min(1)).min(1).exactOptional().describe("models to compare"),
  providers: z.array(z.string().min(1)).min(1).exactOptional().describe("providers to compare"),
});
/** The dimensions that multiply the rows. */
export type Matrix = z.infer<typeof matrixSchema>;

/** A batch file. */
export const batchFileSchema = z.strictObject({
  $schema: z.string().exactOptional(),
  defaults: rowInputSchema.omit({ id: true }).exactOptional().describe("what each row starts from"),
  matrix: matrixSchema.exactOptional().describe("multiplies each row that does not set the same key itself"),
  rows: z.array(rowInputSchema).exactOptional().describe("one prompt each"),
});
