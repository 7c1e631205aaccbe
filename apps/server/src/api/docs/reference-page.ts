import { groupBy } from "../group-by.ts";
import type { ApiDocument, Content, Operation } from "./api-document.ts";
import { escapeHtml, inlineHtml } from "./escape-html.ts";
import { style, styleDigest } from "./reference-style.ts";
import { rowHtml, schemaHtml, typeHtml } from "./schema-html.ts";

/** What the page may load: nothing but its own style. */
export const referencePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleDigest}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

interface Endpoint {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** The reference of the API as one page without scripts, which loads nothing. */
export function referencePage({ info, paths, components }: ApiDocument): string {
  const endpoints = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): Endpoint => ({ path, method: method.toUpperCase(), operation })),
  );
  const groups = groupBy(endpoints, ({ operation }) => operation.tags?.[0] ?? "Other");
  const schemas = Object.entries(components.schemas);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(info.title)} API</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(info.title)} API</h1>
${info.description
  .split("\n\n")
  .map((text) => `<p>${inlineHtml(text)}</p>`)
  .join("\n")}
<p>As a document for programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1).</p>
</header>
<nav aria-label="Endpoints">${groups.map(([name, members]) => groupLinks(name, members)).join("\n")}</nav>
<main>
${groups.map(([name, members]) => `<h2 id="${slug(name)}">${escapeHtml(name)}</h2>\n${members.map(endpointHtml).join("\n")}`).join("\n")}
<h2 id="schemas">Schemas</h2>
${schemas.map(([name, schema]) => `<section id="schema-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${schemaHtml(schema)}</section>`).join("\n")}
</main>
</body>
</html>
`;
}

function groupLinks(name: string, members: readonly Endpoint[]): string {
  const links = members.map(
    ({ operation: { operationId, summary } }) =>
      `<li><a href="#${escapeHtml(operationId)}">${escapeHtml(summary)}</a></li>`,
  );
  return `<h2><a href="#${slug(name)}">${escapeHtml(name)}</a></h2><ul>${links.join("")}</ul>`;
}

function endpointHtml({ path, method, operation }: Endpoint): string {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation;
  const rows = parameters.map(({ name, in: place, required = false, description: about, schema = {} }) =>
    rowHtml(`${name} (${place})`, schema, required, about ?? schema.description),
  );
  return `<section id="${escapeHtml(operationId)}">
<h3>${escapeHtml(summary)}</h3>
<p class="path"><b>${method}</b> <code>${escapeHtml(path)}</code></p>
${description === undefined ? "" : `<p>${inlineHtml(description)}</p>`}
${rows.length === 0 ? "" : `<table>${rows.join("")}</table>`}
${requestBody?.content === undefined ? "" : `<p>Body: ${contentHtml(requestBody.content)}</p>`}
<ul class="responses">${Object.entries(responses)
    .map(([status, response]) => responseHtml(status, response))
    .join("")}</ul>
</section>`;
}

function responseHtml(status: string, { description, content }: Operation["responses"][string]): string {
  const body = content === undefined ? "" : `: ${contentHtml(content)}`;
  return `<li><code>${escapeHtml(status)}</code> ${inlineHtml(description)}${body}</li>`;
}

function contentHtml(content: Content): string {
  const bodies = Object.entries(content).map(([type, { schema }]) =>
    schema?.$ref === undefined
      ? `<code>${escapeHtml(type)}</code>`
      : `${typeHtml(schema)} <small>${escapeHtml(type)}</small>`,
  );
  return bodies.join(" or ");
}

function slug(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
