import type { TemplateContext } from "./template-context.ts";

/** What every login shell has. */
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** A text with `$NAME` and `$\{NAME}` replaced by what the steps before it have set; `\$` stays a dollar. */
export function expandVariables(text: string, { user, workdir, envVars }: TemplateContext): string {
  const home = user === "root" ? "/root" : `/home/${user}`;
  const known: Readonly<Record<string, string>> = { PATH: path, HOME: home, USER: user, PWD: workdir, ...envVars };
  return text.replace(/\\\$|\$\{(\w+)\}|\$([A-Za-z_]\w*)/g, (_, braced?: string, bare?: string) => {
    const name = braced ?? bare;
    return name === undefined ? "$" : (known[name] ?? "");
  });
}
