import { createHash } from "node:crypto";

/** The style of the reference page. */
export const style = `
:root { --line: light-dark(#d0d7de, #30363d); --soft: light-dark(#f6f8fa, #161b22); --link: light-dark(#0550ae, #79b8ff); }
body { margin: 0 auto; max-width: 78rem; padding: 0 1.5rem 4rem; font: 16px/1.55 system-ui, sans-serif;
  background: light-dark(#fff, #0d1117); color: light-dark(#1f2328, #e6edf3);
  display: grid; grid-template-columns: 15rem minmax(0, 1fr); column-gap: 3rem; }
header { grid-column: 1 / -1; border-bottom: 1px solid var(--line); margin-bottom: 1rem; }
nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow: auto; padding: 1rem 0; font-size: .9rem; }
nav h2 { font-size: .9rem; margin: 1rem 0 .25rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
section { border-bottom: 1px solid var(--line); padding: .5rem 0 1rem; scroll-margin-top: 1rem; }
a { color: var(--link); }
code { font: .875em ui-monospace, monospace; background: var(--soft); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { font-weight: 400; width: 30%; }
.required { font-size: .8em; color: light-dark(#9a3412, #ffb77c); }
.responses { padding-left: 1.2rem; }
@media (max-width: 50rem) { body { display: block; } nav { position: static; max-height: none; } }
`;

/** Its SHA-256, by which a content security policy allows it. */
export const styleDigest: string = createHash("sha256").update(style).digest("base64");
