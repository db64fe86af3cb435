// The API reference, driven in headless Chromium: for every document served, one operation is tried and answered.
//
//   CHROMIUM=/usr/bin/chromium node reference.mjs <url of the mock> <url of its control listener>
//
// Nothing is typed: what the page fills in has to be enough, credentials included. What was answered is on the page and
// in the journal. The browser may ask the two listeners and nobody else. Then what a person does to the credentials of
// one document has to stay with that document. Nothing here knows a provider.

import { randomUUID } from "node:crypto";

import { chromium } from "playwright-core";

const [mock, control] = process.argv.slice(2);
if (!control || !process.env.CHROMIUM) {
  console.error("usage: CHROMIUM=<program> node reference.mjs <url of the mock> <url of its control listener>");
  process.exit(2);
}

// Which operations are tried, the first that there is.
const ACTIONS = ["create", "list", "read", undefined];

const sandbox = `reference-${randomUUID().slice(0, 8)}`;
const wrong = [];
let browser;
try {
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  const page = await browser.newPage();
  page.setDefaultTimeout(10_000);
  watch(page);
  await everything(page);
} catch (error) {
  wrong.push(error.message);
} finally {
  await browser?.close();
}
for (const line of wrong) console.log(`error: ${line}`);
process.exitCode = wrong.length === 0 ? 0 : 1;

/** Says when the browser asks somebody else, and when the page breaks. */
function watch(page) {
  page.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && ![mock, control].includes(origin)) wrong.push(`the page asks ${request.url()}`);
  });
  page.on("pageerror", (error) => wrong.push(`the page breaks: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) wrong.push(`the page is refused something: ${message.text()}`);
  });
}

async function everything(page) {
  const providers = await ask("/providers");
  await page.goto(`${control}/?sandbox=${sandbox}`);
  for (const provider of providers) {
    await page.getByRole("navigation", { name: "documents" }).getByRole("link", { name: provider.name, exact: true }).click();
    await loaded(page, provider.title);
    await tryOne(page, provider);
  }
  if (providers.length > 1) await credentialsStay(page, providers);
  await controlApi(page);
  console.log(`${providers.length} documents and the control API, each tried in the reference`);
}

/** The document's title is on the page once the document is read. */
async function loaded(page, title) {
  await page.locator("#reference .info .title").filter({ hasText: title }).waitFor();
}

async function tryOne(page, provider) {
  const operation = ACTIONS.map((action) => provider.operations.find((one) => one.action === action)).find(Boolean);
  const name = `${provider.name}  ${operation.method} ${operation.path}`;
  const shown = await execute(page, operation);
  const { entries } = await ask(`/journal?sandbox=${sandbox}&provider=${provider.name}&operation=${operation.id}`);
  const answer = entries.at(-1);
  console.log(`${name}  ${shown}`);
  if (!answer) wrong.push(`${name}: the mock was not asked`);
  else if (String(answer.response.status) !== shown) wrong.push(`${name}: the page shows ${shown}, the mock answered ${answer.response.status}`);
  if (!/^2/.test(shown)) wrong.push(`${name}: answered with ${shown}: ${JSON.stringify(answer?.rejection ?? null)}`);
}

/** Opens an operation and executes it as it is filled in; the status that the page then shows. */
async function execute(page, { method, path }) {
  const block = page.locator(".opblock").filter({ has: page.locator(`.opblock-summary-path[data-path="${path}"]`) });
  const one = block.and(page.locator(`.opblock-${method.toLowerCase()}`));
  await one.locator(".opblock-summary-control").click();
  await one.getByRole("button", { name: "Execute" }).click();
  const status = one.locator(".live-responses-table .response .response-col_status").first();
  await status.waitFor();
  return (await status.innerText()).trim().split(/\s/)[0];
}

/** What is taken away or put in for one document stays so after a reload, and is nothing to another document. */
async function credentialsStay(page, [first, second]) {
  const open = async ({ name, title }) => {
    await page.goto(`${control}/?provider=${name}&sandbox=${sandbox}`);
    await loaded(page, title);
    return page.evaluate(() => Object.keys(window.ui.getSystem().authSelectors.authorized().toJS()));
  };
  const before = await open(first);
  if (before.length === 0) return;
  await page.getByRole("button", { name: "Authorize" }).first().click();
  await page.locator(".auth-container").getByRole("button", { name: "Remove authorization" }).first().click();
  const [after, other, restored] = [await open(first), await open(second), first.credentials.length];
  if (after.length !== before.length - 1) wrong.push(`${first.name}: a credential that was taken away is there after a reload`);
  if (other.length !== second.credentials.length) wrong.push(`${second.name}: what was done to ${first.name} counts here`);
  if (before.length !== restored) wrong.push(`${first.name}: ${before.length} of ${restored} credentials are filled in`);
}

/** The control API is in its own reference, and answers there. */
async function controlApi(page) {
  await page.getByRole("link", { name: "control API" }).click();
  await page.locator('.opblock-summary-path[data-path="/health"]').waitFor();
  const shown = await execute(page, { method: "GET", path: "/health" });
  console.log(`control API  GET /health  ${shown}`);
  if (shown !== "200") wrong.push(`the control API answered with ${shown}`);
}

/** What the control listener says. */
async function ask(path) {
  const response = await fetch(new URL(path, control));
  if (!response.ok) throw new Error(`the control listener answers ${path} with ${response.status}`);
  return response.json();
}
