import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Draws the diagrams of a page at build time, in the colors of the theme, so that the site needs no script for them. */
export function renderDiagrams(markdown: MarkdownRenderer): void {
  const renderFence = markdown.renderer.rules.fence;
  markdown.renderer.rules.fence = (...args) => {
    const [tokens, index] = args;
    const token = tokens[index];
    if (token?.info.trim() !== "mermaid") return renderFence?.(...args) ?? "";
    const svg = renderMermaidSVG(token.content, {
      bg: "var(--vp-c-bg)",
      fg: "var(--vp-c-text-1)",
      transparent: true,
    })
      // The site asks no other host for anything, not even for a font.
      .replace(/@import url\([^)]*\);/u, "")
      .replace(/ width="[\d.]+" height="[\d.]+"/u, ' width="100%"');
    // Set at run time, since the template compiler of pages refuses the style element in it.
    return `<div class="diagram" v-html="${markdown.utils.escapeHtml(JSON.stringify(svg))}"></div>`;
  };
}
