/**
 * The outer of two frames. It receives a page of a stranger from the dashboard, and shows it in an inner frame, where nothing
 * may run. Its own origin is opaque: there are no cookies and no storage to take.
 */
addEventListener("message", (event: MessageEvent<{ readonly html?: unknown }>) => {
  if (event.source !== parent || event.origin !== location.origin || typeof event.data.html !== "string") return;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "");
  frame.title = "The page";
  frame.srcdoc = event.data.html;
  document.body.replaceChildren(frame);
});
