// node browser.mjs FOLDER: what write_pages wrote, in Chromium. FOLDER has node_modules/playwright-core and gets pictures.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const { chromium } = createRequire(`${folder}/`)("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });

/// Calls f with the page, which must ask for nothing but itself and say nothing in the console.
async function open(name, f) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const address = pathToFileURL(`${folder}/${name}.html`).href;
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.stack));
  page.on("console", (message) => problems.push(message.text()));
  page.on("request", (request) => request.url() === address || problems.push(request.url()));
  await page.goto(address);
  await f(page);
  assert.deepEqual(problems, [], name);
  await page.close();
}

const [red, blue, orange] = [[255, 96, 96], [92, 152, 255], [245, 140, 20]];
const [darkRed, darkBlue] = [[190, 40, 40], [40, 90, 215]];
/// The symbols' backgrounds are those of values, of which the page has the nearest of 127 parts of 1.
async function painted(page, values, [minus, plus] = [red, blue]) {
  const spans = page.locator(".view >> nth=0 >> .line > span > span");
  const colours = await spans.evaluateAll((all) => all.map((span) => getComputedStyle(span).backgroundColor));
  assert.equal(colours.length, values.length);
  colours.forEach((colour, k) => {
    const [r, g, b, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
    const v = (Math.sign(values[k]) * Math.round(127 * Math.abs(values[k]))) / 127;
    assert.deepEqual([r, g, b], v < 0 ? minus : plus, `${k}`);
    assert(Math.abs(alpha - Math.abs(v)) < 0.003, `${alpha} is not ${Math.abs(v)}`); // a browser has 8 bits for it
  });
}
const [h0, h1] = [[1, -1, 0, 0.5, -0.25], [0, 0, 0, 1, 0]];
const c0 = [4, -1, 0, 0.5, -2].map(Math.tanh);
const shown = (page, name) => page.locator(`.view >> nth=0 >> .${name}`).innerText();
const rows = (text) => text.split(/\n+/);

/// Units are chosen with the mouse and with the keys alone.
async function chooses(page) {
  const view = page.locator(".view").first();
  await view.locator(".line > span > span").nth(4).waitFor();
  await painted(page, h1); // the best of the first property
  await view.locator(".signal").selectOption("0.c");
  await view.locator(".before").click();
  await painted(page, c0);
  assert.equal(await shown(page, "scale"), "tanh of 0.c");
  await view.locator(".unit").fill("1");
  await view.locator(".unit").press("Enter");
  await painted(page, [0, 0, 0, 0, 0]);
  await view.locator(".unit").press("ArrowLeft");
  await painted(page, c0);
  await view.locator(".unit").fill("99");
  await view.locator(".unit").press("Enter");
  assert.equal(await view.locator(".unit").inputValue(), "1");
  await view.getByRole("button", { name: "1.h / 0 −0.25 chosen −0.50" }).click();
  await painted(page, [-1, -0.5, 0, 0.5, 1]);
  await view.locator(".palette").selectOption("orange");
  await painted(page, [-1, -0.5, 0, 0.5, 1], [orange, blue]);
  await view.locator(".palette").selectOption("");
  await page.emulateMedia({ colorScheme: "dark" });
  await painted(page, [-1, -0.5, 0, 0.5, 1], [darkRed, darkBlue]);
  await page.emulateMedia({ colorScheme: "light" });

  const best = view.getByRole("button", { name: "0.h / 1 +0.50 chosen +0.75" });
  for (let presses = 0; !(await best.evaluate((button) => button === document.activeElement)); ++presses) {
    assert(presses < 50, "the Tab key does not get to the scores");
    await page.keyboard.press("Tab");
  }
  assert.notEqual(await best.evaluate((button) => getComputedStyle(button).outlineStyle), "none");
  await page.keyboard.press("Enter");
  await painted(page, h1);
  assert.equal(await best.getAttribute("aria-pressed"), "true");
  await page.keyboard.press("Shift+Tab"); // the scores' own box
  await view.locator(".before").focus();
  await page.keyboard.press("Enter");
  await painted(page, h0);
}

/// What a symbol's details say, by pointing and by the cursor.
async function tells(page) {
  const view = page.locator(".view").first();
  await view.getByRole("button", { name: "Unit before" }).click();
  await view.locator(".line > span > span").nth(0).hover();
  assert.equal(await shown(page, "details > p"), "a position 0, line 1, column 1");
  assert.equal(await shown(page, "details h3 >> nth=0"), "Unit 0");
  assert.deepEqual(rows(await shown(page, "layer")), ["0.h", "+1.00", "tanh 0.c", "+1.00", "0.f", "+1.00"]);
  const likeliest = ["b", "50.0 %", "a", "25.0 %", "↵", "12.5 %", "z", "6.3 %", "y", "3.1 %"];
  assert.deepEqual(rows(await shown(page, "next")), likeliest);
  assert.equal(await shown(page, "next .chosen"), "b\n50.0 %");
  assert.equal(await shown(page, "came"), "✓ then comes b");
  assert.equal(await shown(page, "status"), "");
  await view.locator(".line > span > span").nth(1).hover();
  assert.deepEqual(rows(await shown(page, "next")), ["z", "100.0 %"]);
  assert.equal(await shown(page, "came"), "✗ then comes ↵");

  await view.locator(".text").focus();
  const goes = async (key, place, symbol, said) => {
    await page.keyboard.press(key);
    assert.equal(await shown(page, "details > p"), `${symbol} position ${place}`);
    assert.equal(await shown(page, "status"), said);
    assert.equal(await view.locator("[aria-current]").innerText(), symbol);
  };
  await goes("ArrowRight", "1, line 1, column 2", "b", "b, 0.h −1.00");
  await goes("End", "2, line 1, column 3", "↵", "↵, 0.h +0.00");
  await goes("ArrowRight", "3, line 2, column 1", "c", "c, 0.h +0.50");
  await goes("End", "4, line 2, column 2", "d", "d, 0.h −0.25");
  assert.equal(await shown(page, "came"), "the text ends");
  await goes("ArrowUp", "1, line 1, column 2", "b", "b, 0.h −1.00");
  await goes("Home", "0, line 1, column 1", "a", "a, 0.h +1.00");
  await goes("ArrowDown", "3, line 2, column 1", "c", "c, 0.h +0.50");
  await view.locator(".line > span > span").nth(1).click();
  await goes("ArrowLeft", "0, line 1, column 1", "a", "a, 0.h +1.00");
}

async function finds(page) {
  const words = page.locator(".view").nth(1);
  assert.equal(await words.locator(".text").textContent(), "the cat sat at ");
  const [query, count] = [words.locator(".query"), words.locator(".count")];
  const says = async (which, ...marked) => {
    assert.equal(await count.innerText(), which);
    const spans = words.locator(".match");
    assert.deepEqual(await spans.evaluateAll((all) => all.map((span) => `${span.className} ${span.textContent}`)), marked);
  };
  await query.fill("at");
  await says("1 of 3", "match found cat", "match sat", "match at");
  await query.press("Enter");
  await says("2 of 3", "match cat", "match found sat", "match at");
  await query.press("Shift+Enter");
  await words.locator(".back").click();
  await says("3 of 3", "match cat", "match sat", "match found at");
  await words.locator(".on").click();
  assert.equal(await count.innerText(), "1 of 3");
  await query.fill("e c");
  await says("1 of 1", "match found the", "match found cat");
  assert.equal(await words.locator("[aria-current]").innerText(), "the");
  await query.fill("SAT");
  await says("1 of 1", "match found sat");
  await query.fill(".");
  await says("not found");
  await query.fill("dog");
  await says("not found");
  await query.fill("");
  await says("");
}

/// All that is to be read on a page whose texts are hostile, and that it has the elements of a harmless one.
async function readsHostile(page) {
  const elements = (of) => of.evaluate(() => [...document.querySelectorAll("*")].map((one) => one.localName));
  await page.locator(".line > span > span").last().waitFor();
  const lines = readFileSync(`${folder}/hostile.txt`, "utf8").split("\n").slice(0, -1).map((line) => line.split("\t"));
  const [[, title], ...expected] = lines;
  assert.equal(await page.title(), title);
  assert.equal(await page.locator("h1").textContent(), title);
  const read = {
    text: async (section) => [
      await section.locator(".signal").textContent(),
      (await section.locator(".scores h3").textContent()).replace(/ shuffled 0.00$/, ""),
      await section.locator(".next li > span").first().textContent(),
      await section.locator(".text").textContent(),
    ],
    picture: async (section) => [(await section.locator("figcaption").textContent()).replace(/^caption /, "")],
    sample: async (section) => (await section.locator("pre").textContent()).split("\n"),
    table: (section) => section.locator("th, td").allTextContents(),
  };
  for (const [k, [kind, heading, ...texts]] of expected.entries()) {
    const section = page.locator("main > section").nth(k);
    assert.equal(await section.locator("h2").textContent(), heading);
    assert.equal(await page.locator("nav a").nth(k).textContent(), heading);
    assert.deepEqual(await read[kind](section), texts);
  }
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  const found = await elements(page);
  await open("hostile.harmless", async (other) => {
    await other.locator(".line > span > span").last().waitFor();
    assert.deepEqual(found, await elements(other));
  });
}

async function fits(page) {
  for (const [width, scheme] of [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"], [360, "light"]]) {
    await page.setViewportSize({ width, height: 850 });
    await page.emulateMedia({ colorScheme: scheme });
    assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `at ${width} it scrolls sideways`);
    await page.screenshot({ path: `${folder}/${width}-${scheme}.png` });
  }
}

/// Text has 4.5 : 1 of contrast (WCAG 2, AA) on each background, those of the strongest units included.
async function contrasts(page) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const light = {}; // relative luminances
    for (const name of ["ink", "quiet", "paper", "desk", "accent", "minus", "plus", "orange"]) {
      const value = await page.locator(".view").first().evaluate((view, name) => {
        view.classList.toggle("orange", name === "orange");
        return getComputedStyle(view).getPropertyValue(`--${name.replace("orange", "minus")}`).trim();
      }, name);
      const rgb = value[0] === "#" ? value.match(/\w\w/g).map((hex) => parseInt(hex, 16)) : value.split(" ").map(Number);
      const [r, g, b] = rgb.map((c) => (c > 10 ? ((c / 255 + 0.055) / 1.055) ** 2.4 : c / 255 / 12.92));
      light[name] = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    }
    for (const pair of ["ink minus", "ink plus", "ink orange", "ink desk", "quiet desk", "quiet paper", "accent desk"]) {
      const [low, high] = pair.split(" ").map((name) => light[name]).sort((a, b) => a - b);
      assert((high + 0.05) / (low + 0.05) >= 4.5, `${pair}, ${colorScheme}`);
    }
  }
}

/// Prints how long the large page takes; asserts that all of it is painted as one comes to it.
async function measures(page) {
  const view = page.locator(".view");
  await view.locator(".scores button").last().waitFor();
  const opened = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
  const times = [];
  for (let k = 0; k < 20; ++k)
    times.push(
      await view.locator(".scores button").nth(k % 2).evaluate(
        (button) =>
          new Promise((painted) => {
            const start = performance.now();
            button.click();
            requestAnimationFrame(() => requestAnimationFrame(() => painted(performance.now() - start)));
          }),
      ),
    );
  times.sort((a, b) => a - b);
  const size = (statSync(`${folder}/large.html`).size / 1e6).toFixed(1);
  const [opening, median, worst] = [opened, times[10], times[19]].map((ms) => `${ms.toFixed(0)} ms`);
  console.log(`large.html, ${size} MB: open after ${opening}; painted ${median} after a choice, of 20 ${worst} at worst`);
  await view.locator(".text").evaluate((text) => (text.scrollTop = text.scrollHeight));
  await page.waitForFunction(() => document.querySelector(".line:last-child > span > span")?.style.backgroundColor);
}

try {
  for (const does of [chooses, tells, finds, fits, contrasts]) await open("small", does);
  await open("hostile", readsHostile);
  await open("hostile", fits);
  await open("large", measures);
  console.log("the reports do in Chromium what they should");
} finally {
  await browser.close();
}
