import { isJsonObject } from "../kinds/text/read-json-object.ts";
import type { ComponentPlan } from "./component-plan.ts";

/** The variables that the merged settings of a plan set: before those of the environment. */
export function settingsEnv(plan: ComponentPlan): Readonly<Record<string, string>> {
  const file = plan.files.find(({ path }) => path === ".claude/settings.local.json");
  if (file === undefined) return {};
  const settings = JSON.parse(Buffer.from(file.bytes).toString("utf8")) as Record<string, unknown>;
  const env = isJsonObject(settings.env) ? settings.env : {};
  return Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));
}
