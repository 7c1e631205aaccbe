import { runEventSchema } from "@glovebox/core";
import { z } from "@hono/zod-openapi";

/** One event of a run, as its journal has it. Readers ignore types that they do not know. */
export const runEventRecordSchema = z.intersection(runEventSchema, z.object({})).openapi("RunEvent");
