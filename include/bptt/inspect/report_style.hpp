#pragma once

namespace bptt::detail {

/// The page's policy lets nothing be asked for, and no script run but the page's own: none of a picture.
inline constexpr char report_head[] = R"html(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-report';
base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
)html";

/// The style of the page that a Report writes. Text, but for the marks of lines' ends, has 4.5 : 1 of contrast or more on every
/// background, those of units at their strongest included (WCAG AA). The colours of − and + are triplets, as each symbol adds
/// how strong its own is.
inline constexpr char report_style[] = R"css(
:root {
  color-scheme: light dark;
  --ink: #1c1c22; --quiet: #5a5a66; --line: #cfcfd6; --paper: #ffffff; --desk: #f5f5f7; --accent: #1f5fbf;
  --minus: 255 96 96; --plus: 92 152 255;
  font: 1rem/1.5 system-ui, sans-serif;
  background: var(--desk);
  color: var(--ink);
}
.orange { --minus: 245 140 20; }
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ececf1; --quiet: #a9a9b6; --line: #45454f; --paper: #1b1b20; --desk: #121215; --accent: #7fb0ff;
    --minus: 190 40 40; --plus: 40 90 215;
  }
  .orange { --minus: 160 84 0; }
}

* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1rem; }
h1, h2 { margin: 0 0 0.5rem; line-height: 1.25; overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; }
h2 { font-size: 1.2rem; }
h3 { margin: 0.5rem 0 0; font-size: inherit; }
p, ol, figure { margin: 0; }
ol { padding: 0; list-style: none; }
a { color: var(--accent); }
nav ol { display: flex; flex-wrap: wrap; gap: 0 1.25rem; overflow-wrap: anywhere; }
body > main > section { margin-top: 2rem; scroll-margin-top: 1rem; }
small, figcaption, th, .quiet { color: var(--quiet); font-weight: 400; }
small, figcaption { font-size: 0.875rem; }
.side small { font-size: inherit; }
.box { border: 1px solid var(--line); border-radius: 0.4rem; background: var(--paper); padding: 0.5rem 0.75rem; }
.scroll { overflow: auto; }
pre, .text, .mono { font: 0.9375rem/1.6 ui-monospace, monospace; }
pre { margin: 0; max-height: 24rem; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
svg { display: block; }
.picture { background: white; padding: 0; }
.picture svg { display: block; max-width: 45rem; min-width: 30rem; }
@media (prefers-color-scheme: dark) {
  .picture svg { filter: invert(0.9) hue-rotate(180deg); }
  .picture { background: #1a1a1a; }
}
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; }
td, th { padding: 0.1rem 1rem 0.1rem 0; vertical-align: top; }
button, input, select {
  border: 1px solid var(--quiet);
  border-radius: 0.3rem;
  background: var(--paper);
  color: inherit;
  font: inherit;
  min-height: 2rem;
  max-width: 100%;
  padding: 0.1rem 0.5rem;
}
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }

.view { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.75rem; align-items: start; }
.view h2 { margin: 0; }
.side { display: flex; flex-direction: column; gap: 0.75rem; }
.controls, .scores, .details { font-size: 0.875rem; }
.controls { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: end; }
.controls label { display: flex; flex-direction: column; color: var(--quiet); }
.controls label > * { color: var(--ink); }
.unit { width: 5rem; }
.palette { width: 8.5rem; }
.query { width: 7rem; }
.count:empty { display: none; }
.legend { display: flex; align-items: center; gap: 0.5rem; flex-basis: 100%; }
.ramp { flex: none; width: 6rem; height: 0.75rem; border-radius: 0.2rem; }
.ramp { background: linear-gradient(to right, rgb(var(--minus)), transparent, rgb(var(--plus))); }
.scores { max-height: 9.5rem; overflow: auto; }
.scores:empty { display: none; }
.scores h3:first-child { margin: 0; }
.scores button { display: grid; grid-template-columns: minmax(0, 1fr) 3.5rem 7rem; gap: 0.5rem; width: 100%; min-height: 0; }
.scores button { border-color: transparent; text-align: left; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.scores button[aria-pressed="true"] { border-color: var(--accent); }
.text { max-height: 75vh; overflow: auto; overflow-wrap: anywhere; white-space: break-spaces; cursor: text; }
.line > span > span { outline-offset: -1px; }
.apart .line > span > span { border-radius: 0.25em; box-shadow: inset -1px 0 var(--paper); }
.line .end { color: var(--quiet); }
.line > span > span:hover { outline: 1px solid var(--quiet); }
.line .match { outline: 1px solid var(--ink); }
.line .found, .line [aria-current] { outline: 2px solid var(--ink); }
.details { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.25rem; }
.details h3 { margin: 0.25rem 0 0; }
.details li { display: grid; grid-template-columns: 4.5rem minmax(0, 1fr) 4rem; gap: 0.5rem; align-items: center; }
.details li > :first-child { overflow: hidden; text-overflow: ellipsis; white-space: pre; }
.details li > :last-child { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.details .chosen { font-weight: 600; }
.bar { position: relative; height: 0.6rem; border-radius: 0.2rem; background: var(--desk); }
.bar i { position: absolute; top: 0; bottom: 0; border-radius: inherit; background: var(--accent); }
.bar .minus { background: rgb(var(--minus)); }
.bar .plus { background: rgb(var(--plus)); }
@media (max-width: 63.99rem) {
  .side { display: contents; }
  .text { max-height: 60vh; }
  .details { position: sticky; top: 0; z-index: 1; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1rem; }
  .details > p { grid-column: 1 / -1; }
  .details li { grid-template-columns: 2.5rem minmax(0, 1fr) 3.75rem; gap: 0.25rem; }
  .details > div:has(+ [hidden]) { grid-column: 1 / -1; }
}
@media (min-width: 64rem) {
  .view { grid-template-columns: 21rem minmax(0, 1fr); }
  .view h2 { grid-column: 1 / -1; }
  .side, .text { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); }
  .side { overflow: auto; }
  .scores { max-height: none; }
}
)css";

}  // namespace bptt::detail
