import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dashboardDirectory } from "@glovebox/dashboard";
import { type Context, Hono } from "hono";
import { pagePolicy, previewPolicy } from "./content-policies.ts";
import { readAssets } from "./read-assets.ts";

const year = 31_536_000;

/**
 * The web app: its hashed assets, which never change and may be kept, and its page at every other address. Mount it last. What
 * it serves is the same for everybody; what a user may see comes from the API alone.
 */
export function dashboardRoutes(): Hono {
  const app = new Hono();
  const assets = readAssets(dashboardDirectory);
  app.get("/assets/:name", async (context, next) => {
    const asset = (await assets).get(context.req.param("name"));
    if (asset === undefined) return next();
    const encoding = asset.gzipped !== undefined && acceptsGzip(context) ? asset.gzipped : undefined;
    if (encoding !== undefined) context.header("content-encoding", "gzip");
    context.header("content-type", asset.type);
    context.header("vary", "accept-encoding");
    context.header("cache-control", `public, max-age=${year}, immutable`);
    context.header("x-content-type-options", "nosniff");
    // The frame of previews has no origin, and its module is fetched across origins.
    context.header("access-control-allow-origin", "*");
    return context.body(encoding ?? asset.bytes);
  });
  app.get("/preview/", async (context) => page(context, join(dashboardDirectory, "preview/index.html"), previewPolicy));
  app.get("*", async (context, next) => {
    if (isForPrograms(context)) return next();
    return page(context, join(dashboardDirectory, "index.html"), pagePolicy);
  });
  return app;
}

/** A program that has mistaken an address gets an error, not a page. Browsers ask for HTML by name. */
function isForPrograms(context: Context): boolean {
  const { path } = context.req;
  return (
    path !== "/" && (/^\/(?:v1|assets)(?:\/|$)/.test(path) || !context.req.header("accept")?.includes("text/html"))
  );
}

function acceptsGzip(context: Context): boolean {
  return /\bgzip\b/.test(context.req.header("accept-encoding") ?? "");
}

async function page(context: Context, file: string, policy: string): Promise<Response> {
  const html = await readFile(file, "utf8").catch(() => undefined);
  if (html === undefined) return context.text("The dashboard is not built: run `pnpm build`\n", 503);
  context.header("content-security-policy", policy);
  context.header("cache-control", "no-cache");
  context.header("x-content-type-options", "nosniff");
  context.header("referrer-policy", "no-referrer");
  context.header("cross-origin-opener-policy", "same-origin");
  context.header("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
  return context.html(html);
}
