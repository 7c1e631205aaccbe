import type { PlannedComponent } from "@glovebox/components";
import type { Output } from "../output.ts";
import { componentLine } from "./component-line.ts";
import { safeName } from "./safe-text.ts";

/** A component and everything that it asks for. */
export function printComponent(component: PlannedComponent, output: Output): void {
  const { dim, yellow } = output.colors;
  const row = (name: string, values: readonly string[]) => {
    if (values.length > 0) output.line(`  ${dim(name.padEnd(10))} ${safeName(values.join(", "))}`);
  };
  output.line(safeName(componentLine(component)));
  row("about", component.description === "" ? [] : [component.description]);
  row("files", component.files);
  row("tools", component.tools);
  row("hosts", component.hosts);
  row("commands", component.commands);
  row(
    "variables",
    component.variables.map(({ name, default: standard, placeholder, credential }) => {
      const where = credential === undefined ? "" : ` (added outside, for ${credential.host})`;
      const stead = placeholder === undefined ? "" : ` in the place of ${placeholder}`;
      return `${name}${stead}${standard === undefined ? "" : `, else ${JSON.stringify(standard)}`}${where}`;
    }),
  );
  for (const warning of component.warnings) output.line(`  ${yellow("warning:")} ${safeName(warning)}`);
}
