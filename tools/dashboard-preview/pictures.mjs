// Takes the pictures of the docs: a day of this project's own simulation in a real Prometheus, drawn by the preview in a headless Chromium.
//
//   npm ci && node pictures.mjs                 writes docs/images/*.png
//   node pictures.mjs --day FOLDER --out FOLDER  of a day that was kept, into another folder
//
// Needs the .NET SDK, and of Debian: prometheus, chromium, pngquant, optipng.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');
const { values: options } = parseArgs({ options: { day: { type: 'string' }, out: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'runner-metrics-pictures-'));
const out = resolve(options.out ?? join(root, 'docs/images'));
const scraped = '2m'; // SimulatedDay.Step
const day = 86_400_000;

const pictures = [
  { name: 'runner-overview', theme: 'dark', top: 1062 }, // what fits on a screen, for the README
  { name: 'runner-overview', theme: 'dark' },
  { name: 'runner-overview', theme: 'light' },
  { name: 'job-analysis', theme: 'dark' },
  { name: 'dora-metrics', theme: 'dark' },
  { name: 'performance-trends', theme: 'dark' },
  { name: 'resource-utilization', theme: 'dark' },
];

let prometheus;
let server;
let browser;
try {
  const stored = options.day ?? makeDay(join(folder, 'day'));
  const address = await startPrometheus(join(stored, 'data'));
  process.env.PROMETHEUS_URL = address;
  await build({ root: here, logLevel: 'error' });
  server = await preview({ root: here, logLevel: 'error', preview: { host: '127.0.0.1', port: await freePort() } });
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  mkdirSync(out, { recursive: true });
  const end = Number(readFileSync(join(stored, 'end'), 'utf8'));
  for (const { name, theme, top } of pictures) {
    await take(`${server.resolvedUrls.local[0]}?dashboard=${name}&theme=${theme}&scrape=${scraped}&from=${end - day}&to=${end}`, join(out, `${name}-${top ? 'top' : theme}.png`), top);
  }
} finally {
  await browser?.close();
  await server?.close();
  if (prometheus) {
    prometheus.kill();
    await new Promise((ended) => prometheus.once('exit', ended));
  }

  rmSync(folder, { recursive: true, force: true });
}

// The tests of the dashboards make the day, and keep it where they are told to.
function makeDay(kept) {
  mkdirSync(kept);
  run('dotnet', ['test', '--project', 'tests/RunnerMetrics.EndToEnd.Tests', '--', '--filter-class', 'RunnerMetrics.EndToEnd.Tests.Dashboards.DashboardDayTests'], {
    cwd: root,
    env: { ...process.env, RUNNER_METRICS_KEEP_DAY: kept },
  });
  return kept;
}

async function startPrometheus(data) {
  const config = join(folder, 'prometheus.yml');
  writeFileSync(config, 'global: {}\n');
  const port = await freePort();
  prometheus = spawn(
    '/usr/bin/prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${data}`, '--storage.tsdb.retention.time=5y', `--web.listen-address=127.0.0.1:${port}`, '--log.level=error'],
    { stdio: ['ignore', 'inherit', 'inherit'] }
  );
  const address = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + 60_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const ready = await fetch(`${address}/-/ready`).catch(() => null);
    if (ready?.ok) {
      return address;
    }
  }

  throw new Error('Prometheus does not start');
}

async function take(url, file, top) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' });
  page.on('pageerror', (error) => console.error(`${file}: ${error.message}`));
  await page.goto(url);
  await page.waitForSelector('body[data-answered]', { timeout: 60_000 });
  await page.evaluate(() => document.fonts.ready);
  await page.setViewportSize({ width: 1280, height: await page.evaluate(() => document.documentElement.scrollHeight) });
  await page.waitForTimeout(1500); // drawing has no end that a page tells
  await page.screenshot({ path: file, clip: top && { x: 0, y: 0, width: 1280, height: top } });
  await page.close();
  run('pngquant', ['--force', '--ext', '.png', '--quality', '60-90', '--skip-if-larger', file], { allowed: [0, 98, 99] });
  run('optipng', ['-quiet', '-o2', file]);
  console.log(file);
}

function run(program, args, { allowed = [0], ...rest } = {}) {
  const { status, error } = spawnSync(program, args, { stdio: 'inherit', ...rest });
  if (error || !allowed.includes(status)) {
    throw new Error(`${program} ended with ${error?.message ?? status}`);
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
