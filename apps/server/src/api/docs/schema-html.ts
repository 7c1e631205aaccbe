import type { SchemaNode } from "./api-document.ts";
import { escapeHtml, inlineHtml } from "./escape-html.ts";

/** The type of a schema in a few words, with links to the schemas that it names. */
export function typeHtml(schema: SchemaNode): string {
  const name = schema.$ref?.split("/").at(-1);
  if (name !== undefined) return `<a href="#schema-${escapeHtml(name)}">${escapeHtml(name)}</a>`;
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `<code>${escapeHtml(JSON.stringify(value))}</code>`).join(" | ");
  }
  if (schema.items !== undefined) return `${typeHtml(schema.items)}[]`;
  const variants = schema.oneOf ?? schema.anyOf ?? [];
  if (variants.length > 0) return variants.length > 8 ? "one of several objects" : variants.map(typeHtml).join(" | ");
  if (schema.allOf !== undefined) return schema.allOf.map(typeHtml).join(" &amp; ");
  if (schema.properties !== undefined) return `{ ${Object.keys(schema.properties).map(escapeHtml).join(", ")} }`;
  if (typeof schema.additionalProperties === "object") return `map of ${typeHtml(schema.additionalProperties)}`;
  return escapeHtml([schema.type ?? "any"].flat().join(" | "));
}

/** A table of a schema's properties; its type where it has none. */
export function schemaHtml(schema: SchemaNode): string {
  const parts = [schema, ...(schema.allOf ?? [])];
  const rows = parts.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, property]) => rowHtml(name, property, required.includes(name))),
  );
  const bases = (schema.allOf ?? []).filter(({ $ref }) => $ref !== undefined);
  const base = bases.length === 0 ? "" : `<p>Everything of ${bases.map(typeHtml).join(", ")}, and:</p>`;
  return rows.length === 0 ? `<p>${typeHtml(schema)}</p>` : `${base}<table>${rows.join("")}</table>`;
}

/** A row about a property or a parameter. */
export function rowHtml(name: string, schema: SchemaNode, isRequired: boolean, description?: string): string {
  const text = description ?? schema.description ?? "";
  const mark = isRequired ? ' <span class="required">required</span>' : "";
  return `<tr><th scope="row"><code>${escapeHtml(name)}</code>${mark}</th><td>${typeHtml(schema)}</td><td>${inlineHtml(text)}</td></tr>`;
}
