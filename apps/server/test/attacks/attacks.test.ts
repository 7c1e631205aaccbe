import "./support/shared-server.ts";
import "./cases/keys.ts";
import "./cases/requests.ts";
import "./cases/stored-scripts.ts";
import "./cases/server-side-requests.ts";
import "./cases/previews.ts";
// The last ones lock the address of the tests out of logins.
import "./cases/browser.ts";
