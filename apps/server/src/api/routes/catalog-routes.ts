import type { OpenAPIHono } from "@hono/zod-openapi";
import { readTemplates } from "../../templates.ts";
import type { ApiEnv, ApiParts } from "../api-parts.ts";
import { ComponentCatalog } from "../catalog/component-catalog.ts";
import { ProviderHealth } from "../catalog/provider-health.ts";
import {
  listComponentsEndpoint,
  listProvidersEndpoint,
  listTemplatesEndpoint,
  listWorkersEndpoint,
} from "../endpoints/catalog-endpoints.ts";
import { isoTimes } from "../replies/iso-times.ts";
import { jsonReply } from "../replies/json-reply.ts";

/** A worker is heard of every 15 seconds. */
const workerMs = 5 * 60_000;

/** `/v1/templates`, `/v1/components`, `/v1/providers` and `/v1/workers`: what runs can ask for, and who carries them. */
export function addCatalogRoutes(app: OpenAPIHono<ApiEnv>, { store, plugins, settings, env }: ApiParts): void {
  const health = new ProviderHealth(plugins);
  const components = new ComponentCatalog(settings.home, env);
  app.openapi(listTemplatesEndpoint, async (context) => {
    const records = [...(await readTemplates(settings.home)).values()];
    const templates = records.flatMap(({ template: { name }, builds }) => builds.map((build) => ({ name, ...build })));
    return jsonReply(context, { templates }, 200);
  });
  app.openapi(listComponentsEndpoint, async (context) => {
    const { kind, q, limit = 50 } = context.req.valid("query");
    const { found, total } = await components.find({ kind, q, limit });
    const shown = found.map(({ source, entry: { kind: one, name, description } }) => ({
      ...{ kind: one, name, description, source },
      ...(name.includes("/") && { category: name.slice(0, name.lastIndexOf("/")) }),
    }));
    return jsonReply(context, { components: shown, total }, 200);
  });
  app.openapi(listProvidersEndpoint, async (context) => {
    const harnesses = [...plugins.harnesses].map(([name, harness]) => ({
      ...{ name, isDefault: name === plugins.defaultHarness, hasCredential: plugins.hasCredential(harness, env) },
    }));
    return jsonReply(context, { providers: await health.all(), harnesses }, 200);
  });
  app.openapi(listWorkersEndpoint, async (context) => {
    const workers = await store.workers.list({ seenSince: new Date(Date.now() - workerMs) });
    const shown = workers.map((worker) => ({ ...isoTimes(worker), providers: [...worker.providers] }));
    return jsonReply(context, { workers: shown }, 200);
  });
}
