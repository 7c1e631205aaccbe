import { z } from "zod";

const oneLine = /^[^\r\n]+$/;
const aptPackage = z
  .string()
  .regex(/^[a-z0-9][a-z0-9+.-]+(=[A-Za-z0-9.+:~-]+)?$/, "must be a Debian package, such as redis-server");
const npmPackage = z
  .string()
  .regex(
    /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(@[0-9A-Za-z.^~<>=*-]+)?$/,
    "must be an npm package, such as typescript@5.9.3",
  );
const pipPackage = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*(\[[A-Za-z0-9._,-]+\])?((==|>=|<=|~=|!=|<|>)[0-9A-Za-z.*+!,<>=~-]+)?$/,
    "must be a pip package, such as pytest==8.4.2",
  );
const duration = z.string().regex(/^\d+(\.\d+)?(ms|s|m)$/, "must be a duration, such as 30s or 2m");
const inSandbox = z.string().regex(/^\/[^\r\n]*$/, "must be an absolute path in the sandbox");
const beside = z.string().min(1).regex(oneLine, "must be one line").describe("A path relative to this file.");

const readySchema = z
  .union(
    [
      z.strictObject({ port: z.number().int().min(1).max(65_535).describe("A TCP port that listens.") }),
      z.strictObject({ file: z.string().min(1).regex(oneLine).describe("A path in the sandbox that exists.") }),
      z.strictObject({ command: z.string().min(1).describe("A shell command that exits with 0.") }),
    ],
    "must be one of port, file and command",
  )
  .describe("What has to be true before the agent starts.");

/** A template as a user describes it in `glovebox.template.yaml`. */
export const templateDescriptionSchema = z
  .strictObject({
    $schema: z.string().optional(),
    name: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/, "must be 1 to 40 of a-z, 0-9 and dashes")
      .describe("What the template is called."),
    image: z
      .string()
      .regex(/^[A-Za-z0-9][\w.:/@-]*$/, "must be an image, such as python:3.13-slim")
      .optional()
      .describe("The image to start from. Default: Glovebox's own, with Node, Python, git and build tools."),
    dockerfile: beside.optional().describe("A Dockerfile to start from; its directory is the build context."),
    buildArgs: z.record(z.string().regex(/^\w+$/), z.string().regex(oneLine)).optional(),
    devcontainer: beside.optional().describe("A devcontainer.json to start from."),
    packages: z
      .strictObject({
        debian: z.array(aptPackage).min(1).optional(),
        npm: z.array(npmPackage).min(1).optional().describe("Installed for all users."),
        pip: z.array(pipPackage).min(1).optional().describe("Installed for all users."),
      })
      .optional(),
    files: z
      .array(z.strictObject({ from: beside, to: inSandbox }))
      .min(1)
      .optional()
      .describe("Files and directories beside this file that are copied in."),
    setup: z
      .array(z.string().min(1))
      .min(1)
      .optional()
      .describe("Shell commands that root runs, in order, when the template is built."),
    env: z
      .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be a variable"), z.string().regex(/^[^\r\n]*$/))
      .optional()
      .describe("Variables of the set-up commands and of the sandbox. No secrets."),
    start: z
      .strictObject({
        command: z.string().min(1).describe("A shell command that runs beside the agent, in /workspace."),
        ready: readySchema.optional(),
        timeout: duration.optional().describe("How long that may take. Default: 60s."),
      })
      .optional(),
    agent: z
      .record(
        z.string().regex(/^[a-z0-9-]+$/),
        z.string().regex(/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "must be one exact version, such as 2.1.328"),
      )
      .optional()
      .describe("The version of a harness, by its name: claude-code."),
  })
  .superRefine((value, context) => {
    const bases = (["image", "dockerfile", "devcontainer"] as const).filter((key) => value[key] !== undefined);
    const issue = (message: string) => context.addIssue({ code: "custom", message });
    if (bases.length > 1) issue(`has ${bases.join(" and ")}, which exclude each other`);
    if (value.buildArgs !== undefined && value.dockerfile === undefined) issue('has "buildArgs" without "dockerfile"');
    const steps = (["packages", "files", "setup"] as const).find((key) => value[key] !== undefined);
    if (value.dockerfile !== undefined && steps !== undefined) {
      issue(`has "${steps}" beside "dockerfile": write it into the Dockerfile`);
    }
  });

/** A parsed description. */
export type TemplateDescription = Readonly<z.infer<typeof templateDescriptionSchema>>;
