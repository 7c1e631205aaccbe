/** A supervisor's first line on every connection is this, its version and a line feed. Nothing is sent to it before. */
export const helloPrefix = "glovebox-supervisor/1 ";

/** No greeting is longer, its line feed included. */
export const maxHelloBytes = 128;
