import type { Run } from "@glovebox/client";
import { safeLine } from "@glovebox/core/text";

/** The run's name, or the beginning of its prompt, on one line. */
export function runTitle({ name, promptPreview }: Pick<Run, "name" | "promptPreview">, length = 160): string {
  return safeLine(name ?? promptPreview, length) || "(empty prompt)";
}
