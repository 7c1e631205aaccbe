// A small shop: what the agent tests against.
import { createServer } from "node:http";

const items = [{ name: "glove", price: 12 }];
createServer((request, response) => {
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify(request.url === "/items" ? items : { error: "not found" }));
}).listen(8080, "127.0.0.1");
