import type { Script } from "./script.ts";

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The glovebox</title>
    <link rel="icon" href="icon.png">
    <link rel="stylesheet" href="style.css">
  </head>
  <body>
    <main>
      <h1>The glovebox</h1>
      <p class="lead">A sealed cabinet: what is dangerous stays inside, and you work on it from outside.</p>
      <section id="parts" aria-live="polite"></section>
      <button id="seal" type="button" aria-pressed="true">Sealed</button>
    </main>
    <script type="module" src="app.js"></script>
  </body>
</html>
`;

const css = `:root {
  color-scheme: light dark;
  --ink: light-dark(#16302b, #e4f1ed);
  --paper: light-dark(#f3f8f6, #10201c);
  --accent: #1f8a70;
}

body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  place-items: center;
  background: var(--paper);
  color: var(--ink);
  font: 1.1rem/1.6 system-ui, sans-serif;
}

main {
  max-width: 40rem;
  padding: 2rem;
}

.lead {
  font-size: 1.3rem;
}

#parts {
  display: grid;
  gap: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
}

article {
  border: 2px solid var(--accent);
  border-radius: 0.75rem;
  padding: 0 1rem;
}

button {
  margin-top: 2rem;
  padding: 0.6rem 1.4rem;
  border: 0;
  border-radius: 2rem;
  background: var(--accent);
  color: white;
  font: inherit;
  cursor: pointer;
}
`;

const js = `export const parts = [
  { name: "Window", text: "You see everything that happens." },
  { name: "Gloves", text: "You reach in; nothing reaches out." },
  { name: "Airlock", text: "Material passes in and out, checked." },
];

export function describe(sealed) {
  return sealed ? "Sealed" : "Open for cleaning";
}

if (typeof document !== "undefined") {
  const section = document.querySelector("#parts");
  for (const part of parts) {
    const article = document.createElement("article");
    const title = document.createElement("h2");
    title.textContent = part.name;
    const text = document.createElement("p");
    text.textContent = part.text;
    article.append(title, text);
    section.append(article);
  }
  const button = document.querySelector("#seal");
  button.addEventListener("click", () => {
    const sealed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(sealed));
    button.textContent = describe(sealed);
  });
}
`;

const readme = `# The glovebox page

Open \`index.html\` through any web server, for example \`npx serve .\`.

- \`index.html\`, \`style.css\`, \`app.js\`: the page, without dependencies
- \`icon.png\`: made by \`make-icon.mjs\`
`;

/** Writes a 16 by 16 PNG with nothing but Node, then checks the page's own code. */
const icon = `import { writeFileSync } from "node:fs";
import { crc32, deflateSync } from "node:zlib";
import { describe, parts } from "./app.js";

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
};
const size = 16;
const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(size * 3, Buffer.from([31, 138, 112]))]);
const pixels = deflateSync(Buffer.concat(Array.from({ length: size }, () => row)));
const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
const png = Buffer.concat([signature, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", Buffer.alloc(0))]);
writeFileSync("icon.png", png);
if (parts.length !== 3 || describe(true) !== "Sealed") throw new Error("app.js is not as expected");
console.log(\`icon.png: \${png.length} bytes; app.js: ok\`);
`;

/**
 * Builds a small web page project in the working directory, makes a binary file, checks its own work and ends with a
 * summary. It needs a `node` on the PATH, and nothing else.
 */
export const demoScript: Script = {
  turns: [
    {
      text: "I'll build the page step by step, starting with its structure.",
      tools: [{ name: "Write", input: { file_path: "index.html", content: html } }],
      chunkDelayMs: 20,
    },
    {
      text: "Now its look and its behaviour.",
      tools: [
        { name: "Write", input: { file_path: "style.css", content: css } },
        { name: "Write", input: { file_path: "app.js", content: js } },
      ],
      chunkDelayMs: 20,
    },
    {
      text: "An icon, made by a small script, and a note on how to look at it.",
      tools: [
        { name: "Write", input: { file_path: "make-icon.mjs", content: icon } },
        { name: "Write", input: { file_path: "README.md", content: readme } },
      ],
      chunkDelayMs: 20,
    },
    {
      text: "Let me run the script and check that everything is in its place.",
      tools: [
        {
          name: "Bash",
          input: { command: "node make-icon.mjs && ls -l", description: "Make the icon and check the files" },
        },
      ],
      chunkDelayMs: 20,
    },
    {
      text: "The page is ready: index.html with its style, its script and an icon, and the check passed.",
      chunkDelayMs: 20,
    },
  ],
};
