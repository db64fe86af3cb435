// A page of another origin uses the mock in headless Chromium: `fetch` with credentials, for every document served.
//
//   CHROMIUM=/usr/bin/chromium node fetch.mjs <url of the mock> <url of its control listener>
//
// For each document one read, one create, one change and one refusal: the page has to see status, body and the headers
// that the document declares, and where the browser has to ask first, it has to have asked. What was sent is known from
// the journal of the mock, what came through from the page. Then the same with one permission taken away at a time:
// exactly those requests have to fail that need it. Nothing here knows a provider.

import { randomUUID } from "node:crypto";
import http from "node:http";

import { chromium } from "playwright-core";

import { FAULTS, proxyOf } from "./faults.mjs";
import { requestsOf } from "./requests.mjs";

// The mock's own header, which explains a refusal.
const EXPLANATION = "x-mock-problem";

const [mock, control] = process.argv.slice(2);
if (!control || !process.env.CHROMIUM) {
  console.error("usage: CHROMIUM=<program> node fetch.mjs <url of the mock> <url of its control listener>");
  process.exit(2);
}

const run = randomUUID().slice(0, 8);
let sandboxes = 0;
const wrong = [];

const home = http.createServer((_, response) => response.setHeader("content-type", "text/html").end("<!doctype html><title>a page</title>"));
await new Promise((listening) => home.listen(0, "127.0.0.1", listening));
const proxy = await proxyOf(mock);
let browser;
try {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  const page = await browser.newPage();
  await page.goto(`http://localhost:${home.address().port}/`);
  await everything(page);
} catch (error) {
  wrong.push(error.message);
} finally {
  await browser?.close();
  home.close();
  proxy.close();
}
for (const line of wrong) console.log(`error: ${line}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Every document without a fault, then with each. */
async function everything(page) {
  const tried = [];
  const providers = await ask("/providers");
  for (const provider of providers) {
    const { requests, left } = requestsOf(provider, await ask(`/documents/${provider.name}.json`));
    for (const request of requests) tried.push(await without(page, provider, request));
    for (const reason of left) console.log(`${provider.name}  ${reason}`);
  }
  if (tried.length === 0) wrong.push("no document served has a request that a page can send");
  if (wrong.length > 0) return;
  for (const { header, needed } of FAULTS) await withFault(page, header, needed, tried);
  console.log(`${providers.length} documents, ${tried.length} requests from a page of another origin, ${FAULTS.length} faults`);
}

/** One request to the mock itself: it has to work. */
async function without(page, provider, request) {
  const { problems, status, seen, asked } = await exchange(page, mock, request);
  const name = `${provider.name}  ${request.kind}  ${request.method} ${request.path}`;
  console.log(`${name}  ${status ?? "no answer"}${asked ? ", asked first" : ""}${seen.length > 0 ? `, sees ${seen.join(" ")}` : ""}`);
  wrong.push(...problems.map((problem) => `${name}: ${problem}`));
  return { name, request, seen, works: problems.length === 0 };
}

/** Every request that works, without the header: it has to fail when it needs that, and else to work. */
async function withFault(page, header, needed, tried) {
  proxy.fault = header;
  let failed = 0;
  for (const { name, request, seen } of tried.filter(({ works }) => works)) {
    const { problems } = await exchange(page, proxy.url, request);
    failed += Number(problems.length > 0);
    if (needed(request, seen) && problems.length === 0) wrong.push(`${name}: works without \`${header}\``);
    if (!needed(request, seen) && problems.length > 0) wrong.push(`${name}: needs \`${header}\`: ${problems.join("; ")}`);
  }
  console.log(`without ${header}  ${failed} requests fail`);
}

/** Lets the page send a request in a sandbox of its own, and says what is wrong with what it got. */
async function exchange(page, server, request) {
  // The sandbox is in the path, so that no earlier permission for the same address is remembered.
  const sandbox = `browser-${run}-${++sandboxes}`;
  const { pathname, search } = new URL(request.url);
  const sent = { url: `${server}/~${sandbox}${pathname}${search}`, method: request.method, headers: request.headers, body: request.body };
  const got = await page.evaluate(send, sent);
  const { entries } = await ask(`/journal?sandbox=${sandbox}`);
  const asked = entries.some(({ step }) => step === "cors");
  if (got.failed) return { problems: [`the page got no answer: ${got.failed}`], seen: [], asked };
  const problems = [];
  const isExpected = request.kind === "refused" ? got.status === 401 : got.status >= 200 && got.status < 300;
  if (!isExpected) problems.push(`answered with ${got.status}: ${got.text.slice(0, 200)}`);
  const declared = request.response(got.status);
  if (declared.json && !isParsed(got.text)) problems.push(`the body is no JSON: ${got.text.slice(0, 200)}`);
  const answer = entries.findLast(({ step }) => step !== "cors");
  const names = answer?.response.headers.map(({ name }) => name) ?? [];
  const meant = names.filter((name) => declared.headers.includes(name) || name === EXPLANATION);
  const hidden = meant.filter((name) => !got.headers.includes(name));
  if (hidden.length > 0) problems.push(`the page cannot see ${hidden.join(" ")}`);
  if (request.kind === "refused" && !names.includes(EXPLANATION)) problems.push(`the refusal has no \`${EXPLANATION}\``);
  if (!answer) problems.push("the journal does not have it");
  if (Object.keys(request.headers).length > 0 && !asked) problems.push("the browser did not ask first");
  return { problems, status: got.status, seen: meant.filter((name) => got.headers.includes(name)), asked };
}

/** Runs in the page. */
async function send({ url, ...rest }) {
  try {
    const response = await fetch(url, { ...rest, credentials: "include", signal: AbortSignal.timeout(10_000) });
    return { status: response.status, headers: [...response.headers.keys()], text: await response.text() };
  } catch (error) {
    return { failed: String(error) };
  }
}

function isParsed(text) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What the control listener says. */
async function ask(path) {
  const response = await fetch(new URL(path, control));
  if (!response.ok) throw new Error(`the control listener answers ${path} with ${response.status}`);
  return response.json();
}
