function policy(directives: Readonly<Record<string, string>>): string {
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`.trim())
    .join("; ");
}

/**
 * What the pages of the dashboard may load: their own assets, and nothing inline. Images may also be files of a run, which the
 * page has fetched itself.
 */
export const pagePolicy: string = policy({
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self'",
  "img-src": "'self' blob: data:",
  "font-src": "'self'",
  "connect-src": "'self'",
  "frame-src": "'self'",
  "form-action": "'none'",
  "base-uri": "'none'",
  "frame-ancestors": "'none'",
});

/**
 * The frame in which a page from a sandbox is drawn: an origin of its own, no requests, styles and images only as far as they
 * are in the document itself. Only the frame's own module runs, in the outer frame.
 */
export const previewPolicy: string = policy({
  sandbox: "allow-scripts",
  "default-src": "'none'",
  "script-src": "'self'",
  "style-src": "'self' 'unsafe-inline'",
  "img-src": "data:",
  "font-src": "data:",
  "frame-src": "'none'",
  "form-action": "'none'",
  "base-uri": "'none'",
  "frame-ancestors": "'self'",
});
