/** The bundler puts the text of `@glovebox/supervisor`'s file here. */
declare module "virtual:supervisor" {
  const text: string;
  // biome-ignore lint/style/noDefaultExport: a bundler gives a text module so
  export default text;
}
