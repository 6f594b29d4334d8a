// node test.mjs FOLDER MODEL.safetensors CHAR_LM: at temperature 0, the page of serve.sh writes in Chromium what `char_lm sample`
// writes; its stop button stops; a character that the model does not know is said. FOLDER has node_modules/playwright-core and
// gets pictures of the page.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { createRequire } from "node:module";

const [folder, model, charLm] = process.argv.slice(2).map((path) => resolve(path));
const { chromium } = createRequire(`${folder}/`)("playwright-core");
const here = dirname(fileURLToPath(import.meta.url));

const server = spawn("sh", [join(here, "serve.sh"), model, "0"], { stdio: ["ignore", "pipe", "inherit"] });
const address = await new Promise((found, failed) => {
  let said = "";
  server.stdout.on("data", (piece) => {
    said += piece;
    const at = said.match(/http:\/\/[\d.]+:\d+\//);
    if (at) found(at[0]);
  });
  server.on("exit", () => failed(new Error(`serve.sh ended; it said: ${said}`)));
});

const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
try {
  const page = await browser.newPage({ viewport: { width: 1200, height: 800 } });
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => request.url().startsWith(address) || request.url().startsWith("data:") || problems.push(request.url()));
  await page.goto(address);
  const write = async (start, temperature, length) => {
    await page.locator("#write:enabled").waitFor();
    await page.fill("#start", start);
    await page.fill("#temperature", temperature);
    await page.fill("#length", length);
    await page.focus("#length");
    await page.keyboard.press("Enter");
  };
  const finished = (words) => page.locator("#status", { hasText: words }).waitFor();

  for (const start of ["#include", "", "template <class T>\nclass"]) {
    await write(start, "0", "600");
    await finished("600 characters");
    const prime = start === "" ? [] : ["--prime", start];
    const expected = execFileSync(charLm, ["sample", "--load", model, ...prime, "--temperature", "0", "--length", "600"]);
    assert.equal(`${await page.textContent("#text")}\n`, expected.toString());
  }
  await page.screenshot({ path: join(folder, "wide.png") });

  await write("#include", "0.8", "100000");
  await page.locator("#stop:enabled").click();
  await finished("stopped");
  assert((await page.textContent("#text")).length < 100000);
  await write("¿", "1", "10");
  await finished("does not know “¿”");

  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 360, height: 780 });
  assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "the narrow page scrolls sideways");
  await page.screenshot({ path: join(folder, "narrow.png") });
  assert.deepEqual(problems, []);
  console.log("the page writes what char_lm sample writes");
} finally {
  await browser.close();
  server.kill();
  await once(server, "exit");
}
