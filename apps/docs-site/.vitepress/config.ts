import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vitepress";
import { headingAnchor } from "../../../tooling/links/heading-anchors.ts";
import { publishedPath } from "./published-path.ts";
import { renderDiagrams } from "./render-diagrams.ts";
import { resolveLinks } from "./resolve-links.ts";
import { sidebar } from "./sidebar.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const { repository } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { readonly repository?: string };

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg"><rect width="16" height="16" rx="3" fill="#1f8a70"/><path d="M5 4h6v8H5z" fill="#fff"/></svg>',
)}`;

/** The pages are outside of this package, from where Vue cannot be found. */
const vueOfThisPackage: Plugin = {
  name: "vue-of-this-package",
  enforce: "pre",
  resolveId: (id, _importer, { ssr }) => (ssr && /^vue(?:$|\/)/u.test(id) ? { id, external: true } : undefined),
};

export default defineConfig({
  title: "Glovebox",
  description: "Run Claude Code in a sealed sandbox, and get every file back",
  lang: "en",
  head: [["link", { rel: "icon", href: icon }]],
  // GitHub Pages serves a project below its name.
  base: process.env.DOCS_BASE ?? "/",
  srcDir: root,
  outDir: "dist",
  cacheDir: "node_modules/.cache/vitepress",
  srcExclude: [".*/**", "**/fixtures/**", "**/transcripts/**", "**/CHANGELOG.md"],
  rewrites: publishedPath,
  cleanUrls: true,
  // An example of a page says where a server on the reader's machine is.
  ignoreDeadLinks: [/^https?:\/\/localhost/u],
  lastUpdated: false,
  markdown: {
    anchor: { slugify: headingAnchor },
    config: (markdown) => {
      renderDiagrams(markdown);
      resolveLinks(markdown, { root, repository });
    },
  },
  vite: { plugins: [vueOfThisPackage] },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    nav: [
      { text: "Tutorial", link: "/tutorial" },
      { text: "Guides", link: "/guides/run-a-prompt" },
      { text: "Reference", link: "/cli" },
      { text: "Security", link: "/security" },
    ],
    sidebar: sidebar(`${root}docs/decisions`),
    ...(repository === undefined ? {} : { socialLinks: [{ icon: "github", link: repository }] }),
  },
});
