// Takes the pictures of the docs: every dashboard after an hour of the demo behind a real Prometheus, drawn by the preview in a headless Chromium.
//
//   npm ci && node pictures.mjs                    lets the demo run for an hour, and writes docs/images/*.png
//   node pictures.mjs --minutes 10                 lets it run for ten minutes
//   node pictures.mjs --keep FOLDER                keeps what Prometheus stored in a new folder, ...
//   node pictures.mjs --data FOLDER                ... and takes the pictures from it, as often as you like
//   node pictures.mjs --out FOLDER --only UID      writes elsewhere; only one dashboard
//
// Needs the .NET SDK, and of Debian: prometheus, prometheus-node-exporter, chromium, pngquant, optipng.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { freePort, recordDemo, root, run, scraped, startPrometheus } from './demo.mjs';

const here = join(root, 'tools/dashboard-preview');
const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '60' }, keep: { type: 'string' }, data: { type: 'string' }, out: { type: 'string' }, only: { type: 'string' } },
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) {
  throw new Error(`--minutes must be a number above 0; it is '${options.minutes}'`);
}

const folder = mkdtempSync(join(tmpdir(), 'runner-metrics-pictures-'));
const out = resolve(options.out ?? join(root, 'docs/images'));
const names = readdirSync(join(root, 'dashboards/grafana'))
  .filter((file) => file.endsWith('.json') && (!options.only || file === `${options.only}.json`))
  .map((file) => file.slice(0, -'.json'.length));

// Without a handler, these would leave the demo running.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => process.exit(1));
}

let prometheus;
let server;
let browser;
try {
  const stored = resolve(options.data ?? options.keep ?? folder);
  if (!options.data) {
    mkdirSync(stored, { recursive: true });
    await recordDemo(stored, minutes);
  }

  const config = join(folder, 'nothing.yml');
  writeFileSync(config, 'global: {}\n');
  prometheus = await startPrometheus(join(stored, 'data'), config);
  process.env.PROMETHEUS_URL = prometheus.address;
  await build({ root: here, logLevel: 'error' });
  server = await preview({ root: here, logLevel: 'error', preview: { host: '127.0.0.1', port: await freePort() } });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  mkdirSync(out, { recursive: true });
  const end = Number(readFileSync(join(stored, 'end'), 'utf8'));
  for (const name of names) {
    for (const theme of ['dark', 'light']) {
      const address = new URL(server.resolvedUrls.local[0]);
      address.search = new URLSearchParams({ dashboard: name, theme, scrape: scraped, from: `${end - minutes * 60_000}`, to: `${end}` }).toString();
      await take(address.href, join(out, `${name}-${theme}.png`));
    }
  }
} finally {
  await browser?.close();
  await server?.close();
  await prometheus?.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function take(url, file) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  page.on('pageerror', (error) => console.error(`${file}: ${error.message}`));
  await page.goto(url);
  await page.waitForSelector('body[data-answered]', { timeout: 60_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.setViewportSize({ width: 1280, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.waitForTimeout(1500); // drawing has no end that a page tells
  await page.screenshot({ path: file });
  await page.close();
  run('pngquant', ['--force', '--ext', '.png', '--quality', '80-98', '--skip-if-larger', file], { allowed: [0, 98, 99] });
  run('optipng', ['-quiet', '-o2', file]);
  console.log(file);
}
