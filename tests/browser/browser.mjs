// Chromium for every test here: one way to start it, one way to open a page.
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const executable = candidates.find((path) => path && existsSync(path));

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a page is looked at: width, colours, and whether scripts run. */
export const modes = {
  desktop: { width: 1280, height: 900, colorScheme: 'light', script: true },
  dark: { width: 1280, height: 900, colorScheme: 'dark', script: true },
  'phone-320': { width: 320, height: 640, colorScheme: 'light', script: true },
  'no-script': { width: 1280, height: 900, colorScheme: 'light', script: false },
};

export async function start() {
  return chromium.launch({ executablePath: executable, headless: true, args: flags });
}

/** A visitor with nothing kept from before. */
export async function visitor(browser, mode = modes.desktop, more = {}) {
  const context = await browser.newContext({
    viewport: { width: mode.width, height: mode.height },
    colorScheme: mode.colorScheme,
    javaScriptEnabled: mode.script,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    acceptDownloads: true,
    ...more,
  });
  context.setDefaultTimeout(10_000);
  return context;
}

export function folder(name) {
  return mkdtempSync(join(tmpdir(), `${name}-`));
}
