import type { Script, ScriptTurn } from "@glovebox/scripted-model";

/** What would set `window.attacked` if any of it were HTML to the page. */
export const attack = `<img src=x onerror="window.attacked=1"><script>window.attacked=1</script>`;

const write = (path: string, content: string): ScriptTurn => ({
  tools: [{ name: "Write", input: { file_path: `/workspace/${path}`, content } }],
});
const page = `<link rel="stylesheet" href="style.css"><h1>Made inside</h1>${attack}<p onclick="attacked=1">The page</p>`;
const printAttack = `printf '\\033[31mred\\033[0m \\033]52;c;ZXZpbA==\\007 %s\\n' '${attack.replaceAll("'", "")}'`;

/** The number of tool calls of "Many events": each is two events. */
export const manyCalls = 5_000;

/** The model that the tests' runs use, by what their prompts begin with. */
export const dashboardScript: Script = {
  turns: [{ text: "Done." }],
  conversations: [
    {
      firstMessageIncludes: "Make a page",
      turns: [
        { ...write("index.html", page), text: `I will write it. ${attack}` },
        write("greeting.txt", "Good evening\n"),
        write("style.css", "h1 { color: rgb(1, 2, 3); }"),
        write("<img src=x onerror=attacked=1>.txt", "a name that attacks"),
        write("notes/hidden\u202etxt.md", `a line\u202e with a mark\n${attack}`),
        { delayMs: 1_500, tools: [{ name: "Bash", input: { command: printAttack } }] },
        { text: "The page is **ready**." },
      ],
    },
    {
      firstMessageIncludes: "Many events",
      turns: [
        {
          tools: Array.from({ length: manyCalls }, (_, number) => ({
            name: "Unknown",
            input: { path: `file-${number}` },
          })),
        },
        { text: "That was the last event." },
      ],
    },
  ],
};
