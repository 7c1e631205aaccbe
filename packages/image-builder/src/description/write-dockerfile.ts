import { baseArgument } from "../user/own-base.ts";
import type { TemplateDescription } from "./template-description.ts";

/** A file or directory of a description, as it lies in the build context. */
export interface CopiedFile {
  /** Its path in the context; with a slash at the end, the content of the directory is copied. */
  readonly from: string;
  readonly to: string;
}

/** The Dockerfile of a description. `image`: what it starts from; Glovebox's own image by default. */
export function writeDockerfile(
  description: TemplateDescription,
  image: string | undefined,
  copied: readonly CopiedFile[],
): string {
  const { packages = {}, setup = [], env = {} } = description;
  const { debian, npm, pip } = packages;
  const from = image === undefined ? [`ARG ${baseArgument}`, `FROM \${${baseArgument}}`] : [`FROM ${image}`];
  const install: string[] = [];
  if (debian !== undefined) {
    const how = "DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends";
    install.push(run(`apt-get update && ${how} ${words(debian)} && rm -rf /var/lib/apt/lists/*`));
  }
  if (npm !== undefined)
    install.push(run(`npm install --global --no-audit --no-fund --no-update-notifier ${words(npm)}`));
  if (pip !== undefined) {
    const how = "PIP_BREAK_SYSTEM_PACKAGES=1 PIP_ROOT_USER_ACTION=ignore python3 -m pip install --no-cache-dir";
    install.push(run(`${how} ${words(pip)}`));
  }
  const lines = [
    ...from,
    "USER root",
    ...Object.entries(env).map(([name, value]) => `ENV ${name}=${quoted(value)}`),
    ...install,
    ...copied.map(({ from: source, to }) => `COPY ${JSON.stringify([source, to])}`),
    ...setup.map(run),
    run("if [ -d /home/agent ]; then chown -R 1000:1000 /home/agent; fi"),
  ];
  return `${lines.join("\n")}\n`;
}

/** In the exec form, no builder reads anything in the command. */
function run(command: string): string {
  return `RUN ${JSON.stringify(["/bin/sh", "-c", command])}`;
}

function words(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(" ");
}

function quoted(value: string): string {
  return `"${value.replace(/[\\"$]/g, "\\$&")}"`;
}
