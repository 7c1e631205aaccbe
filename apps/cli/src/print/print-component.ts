import type { PlannedComponent } from "@glovebox/components";
import { safeLine, safeName } from "@glovebox/core/text";
import type { Output } from "../output.ts";
import { componentLine } from "./component-line.ts";

const aboutLength = 160;

/** A component and everything that it asks for. */
export function printComponent(component: PlannedComponent, output: Output, isVerbose = false): void {
  const { dim, yellow } = output.colors;
  const row = (name: string, values: readonly string[]) => {
    if (values.length > 0) output.line(`  ${dim(name.padEnd(10))} ${safeName(values.join(", "))}`);
  };
  output.line(safeName(componentLine(component)));
  row("about", component.description === "" ? [] : [safeLine(component.description, aboutLength)]);
  if (isVerbose) {
    row("revision", [component.revision]);
    row("sha256", [component.sha256]);
  }
  row("files", component.files);
  row("tools", component.tools);
  row("hosts", component.hosts);
  row("commands", component.commands);
  if (isVerbose)
    row(
      "programs",
      component.programs.map(({ name, optional }) => (optional ? `${name} (if it is there)` : name)),
    );
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
