import {
  type CallOptions,
  InvalidOptionsError,
  type RemoveTemplateOptions,
  SandboxUnavailableError,
  type TemplateInfo,
} from "@glovebox/core/provider";
import type { E2bApi } from "../api/e2b-api.ts";
import { builtPrefix } from "./template-reference.ts";

const mebibyte = 1024 * 1024;

interface FoundTemplate {
  readonly id: string;
  readonly info: TemplateInfo;
}

/** What E2B knows of a template that Glovebox built; `undefined` when it does not exist. */
export async function inspectTemplate(
  api: E2bApi,
  reference: string,
  call: CallOptions,
): Promise<TemplateInfo | undefined> {
  return (await find(api, reference, call))?.info;
}

/** Removes a template that Glovebox built. E2B itself refuses one that is in use. */
export async function removeTemplate(api: E2bApi, reference: string, options: RemoveTemplateOptions): Promise<void> {
  if (!reference.startsWith(builtPrefix)) {
    throw new InvalidOptionsError(`${reference} is not a template that Glovebox built, and is left alone`, {
      providerId: "e2b",
    });
  }
  const found = await find(api, reference, options);
  if (found === undefined) return;
  const { status } = await api.callApi("removing the template", options, (client, signal) =>
    client.DELETE("/templates/{templateID}", { params: { path: { templateID: found.id } }, signal }),
  );
  if (status >= 300 && status !== 404) throw failed(status);
}

async function find(api: E2bApi, reference: string, call: CallOptions): Promise<FoundTemplate | undefined> {
  const { status, data } = await api.callApi("listing the templates", call, (client, signal) =>
    client.GET("/templates", { signal }),
  );
  if (status >= 300 || data === undefined) throw failed(status);
  // A team's name precedes its own templates.
  const found = data.find(({ aliases = [], names = [] }) =>
    [...aliases, ...names].some((name) => name === reference || name.endsWith(`/${reference}`)),
  );
  if (found === undefined) return undefined;
  const { templateID: id, diskSizeMB, updatedAt } = found;
  return {
    id,
    info: {
      ...(diskSizeMB > 0 ? { sizeBytes: diskSizeMB * mebibyte } : {}),
      ...(updatedAt === undefined ? {} : { builtAt: new Date(updatedAt) }),
    },
  };
}

function failed(status: number): SandboxUnavailableError {
  return new SandboxUnavailableError(`E2B answered ${status} about a template`, { providerId: "e2b" });
}
