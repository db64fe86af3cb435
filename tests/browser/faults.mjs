// A proxy before the mock that takes one header away from every answer: without it a browser has to keep some answers
// from the page. A check that no fault fails would prove nothing.

import http from "node:http";

// The headers by which the mock lets a page in, and which requests need each of them.
export const FAULTS = [
  { header: "access-control-allow-origin", needed: () => true },
  { header: "access-control-allow-credentials", needed: () => true },
  { header: "access-control-allow-headers", needed: ({ headers }) => Object.keys(headers).length > 0 },
  { header: "access-control-allow-methods", needed: ({ method }) => !["GET", "HEAD", "POST"].includes(method) },
  { header: "access-control-expose-headers", needed: (_, seen) => seen.length > 0 },
];

/** Starts the proxy; `fault` is the header that it takes away, and may be changed. */
export async function proxyOf(target) {
  const proxy = { fault: undefined };
  const server = http.createServer((request, response) => {
    const onward = http.request(new URL(request.url, target), { method: request.method, headers: request.headers }, (answer) => {
      const headers = { ...answer.headers };
      delete headers[proxy.fault];
      response.writeHead(answer.statusCode, headers);
      answer.pipe(response);
    });
    onward.on("error", (error) => response.destroy(error));
    request.pipe(onward);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.close = () => server.close();
  return proxy;
}
