import { writeFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { InvalidOptionsError } from "@glovebox/core/provider";
import { safeLine } from "@glovebox/core/text";
import type { Terminal } from "../terminal.ts";

export interface InitTemplateOptions {
  readonly name?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const schemaUrl = "https://unpkg.com/@glovebox/cli/schemas/template.schema.json";

/** `glovebox template init`: writes a description to start from. Resolves to the exit code. */
export function initTemplate(
  file: string | undefined,
  { name, force, json }: InitTemplateOptions,
  { cwd, stdout, stderr }: Terminal,
): number {
  const path = resolve(cwd, file ?? "glovebox.template.yaml");
  if (!/\.ya?ml$/.test(path)) {
    throw new InvalidOptionsError(`${file} does not end in .yaml`, { hint: "For example glovebox.template.yaml." });
  }
  const chosen = name ?? defaultName(cwd);
  if (!/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(chosen)) {
    throw new InvalidOptionsError(`--name ${safeLine(chosen)} is not 1 to 40 of a-z, 0-9 and dashes`);
  }
  try {
    writeFileSync(path, text(chosen), { flag: force ? "w" : "wx" });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === "EEXIST") {
      throw new InvalidOptionsError(`${path} exists`, { hint: "Pass --force to replace it.", cause });
    }
    throw new InvalidOptionsError(`${path} cannot be written (${code})`, { cause });
  }
  if (json) stdout.json({ path, name: chosen });
  else stdout.line(path);
  const named = file === undefined ? "" : ` ${file}`;
  stderr.line(`Edit it, then: glovebox template build${named} && glovebox run --template ${chosen} "…"`);
  return 0;
}

function defaultName(directory: string): string {
  const name = basename(directory)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return name || "template";
}

function text(name: string): string {
  return `# yaml-language-server: $schema=${schemaUrl}
# What sandboxes start from. Build it with \`glovebox template build\`, use it with \`glovebox run --template ${name}\`.
name: ${name}

# Default: Glovebox's own image, with Node, Python, git and build tools. Or, in its place, a Dockerfile or a devcontainer.json:
# image: python:3.13-slim
# dockerfile: ./Dockerfile
# devcontainer: .devcontainer/devcontainer.json

# packages:
#   debian: [sqlite3]
#   npm: [typescript@5.9.3]
#   pip: [pytest==8.4.2]

# Files and directories beside this file. Everyone who has the template can read them: no secrets.
# files:
#   - { from: config/settings.toml, to: /home/agent/.config/app/settings.toml }

# Shell commands that root runs when the template is built.
# setup:
#   - git config --system init.defaultBranch main

# env:
#   NODE_ENV: test

# Runs beside the agent, and is ready before it starts. \`ready\` is one of port, file and command.
# start:
#   command: npm run dev
#   ready: { port: 3000 }
#   timeout: 60s

# agent:
#   HARNESS: 1.2.3
`;
}
