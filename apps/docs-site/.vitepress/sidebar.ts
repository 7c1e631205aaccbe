import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { DefaultTheme } from "vitepress";

const page = (text: string, link: string): DefaultTheme.SidebarItem => ({ text, link });

/** In the order in which a reader needs them. */
const sections: readonly DefaultTheme.SidebarItem[] = [
  {
    text: "Start",
    items: [
      page("Overview", "/"),
      page("Getting started", "/getting-started"),
      page("Tutorial", "/tutorial"),
      page("Questions and answers", "/faq"),
      page("Comparison", "/comparison"),
      page("Commands compared", "/commands-compared"),
    ],
  },
  {
    text: "Guides",
    items: [
      page("Run a prompt", "/guides/run-a-prompt"),
      page("Give it your project", "/guides/give-it-your-project"),
      page("Allow a host", "/guides/allow-a-host"),
      page("Bring results back", "/guides/bring-results-back"),
      page("Run in the background", "/guides/run-in-the-background"),
      page("Look inside, and continue", "/guides/look-inside"),
      page("Continue, fork and share", "/guides/continue-and-share"),
      page("Work with the agent in a terminal", "/guides/work-inside"),
      page("Use it in an editor", "/guides/use-it-in-an-editor"),
      page("Watch your runs", "/guides/watch-runs"),
      page("Run many prompts", "/guides/run-many"),
      page("Verify and pick", "/guides/verify-and-pick"),
      page("Use another account", "/guides/use-another-account"),
      page("Limit what runs cost", "/guides/limit-cost"),
      page("Make a template", "/guides/make-a-template"),
      page("Use it from code", "/guides/use-it-from-code"),
      page("Serve a team", "/guides/serve-a-team"),
      page("Reach a server from elsewhere", "/guides/reach-a-server"),
      page("Operate it", "/operating"),
    ],
  },
  {
    text: "Reference",
    items: [
      page("Command line", "/cli"),
      page("Configuration", "/configuration"),
      page("API", "/reference/"),
      page("How a run works", "/how-a-run-works"),
      page("Network", "/network"),
      page("Components", "/components"),
      page("Docker", "/docker"),
      page("E2B", "/providers/e2b"),
      page("Cloudflare", "/providers/cloudflare"),
      page("Kubernetes", "/providers/kubernetes"),
      page("Server", "/server"),
      page("Dashboard", "/server-dashboard"),
      page("Security", "/security"),
      page("Troubleshooting", "/troubleshooting"),
      page("Errors", "/errors"),
      page("Providers compared", "/providers"),
      page("Agents compared", "/harnesses"),
      page("Benchmarks", "/benchmarks"),
    ],
  },
  {
    text: "Extend",
    items: [
      page("Add a provider", "/adding-a-provider"),
      page("Add a harness", "/adding-a-harness"),
      page("Examples", "/examples/"),
      page("@glovebox/core", "/packages/core/"),
    ],
  },
];
const contributing: readonly DefaultTheme.SidebarItem[] = [
  page("Contributing", "/contributing"),
  page("Architecture", "/architecture"),
  page("Glossary", "/glossary"),
  page("Releasing", "/releasing"),
  page("Report a vulnerability", "/report-a-vulnerability"),
];

/** Returns every page; decisions come from their directory, newest first. */
export function sidebar(decisions: string): DefaultTheme.SidebarItem[] {
  const items = [...contributing, { text: "Decisions", collapsed: true, items: decisionPages(decisions) }];
  return [...sections, { text: "Contribute", collapsed: true, items }];
}

function decisionPages(directory: string): DefaultTheme.SidebarItem[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".md"))
    .sort()
    .reverse()
    .map((name) => {
      const title = /^# (.+)$/mu.exec(readFileSync(join(directory, name), "utf8"))?.[1] ?? name;
      return page(title, `/decisions/${name.replace(/\.md$/u, "")}`);
    });
}
