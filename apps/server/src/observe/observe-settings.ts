import { z } from "zod";

/** The settings of what a server reports about itself, in its configuration file. */
export const observeFileShape = {
  telemetryUrl: z.url({ protocol: /^https?$/ }).optional(),
  telemetryContent: z.boolean().optional(),
};

type ObserveFile = z.infer<z.ZodObject<typeof observeFileShape>>;

/** What a server reports about itself. */
export interface ObserveSettings {
  /** An OTLP/HTTP receiver, for example `http://127.0.0.1:4318`. Absent: no traces are exported. */
  readonly telemetryUrl?: string;
  /** Whether traces have prompts, tool inputs and outputs. */
  readonly telemetryContent: boolean;
}

/** The settings of the file, and OpenTelemetry's own variable for the receiver. */
export function resolveObserve(
  { telemetryUrl, telemetryContent = false }: ObserveFile,
  env: Readonly<Record<string, string | undefined>>,
): ObserveSettings {
  const url = telemetryUrl ?? (env.OTEL_EXPORTER_OTLP_ENDPOINT || undefined);
  return { telemetryContent, ...(url !== undefined && { telemetryUrl: url.replace(/\/$/, "") }) };
}
