// Every page from its example data, as the server's own tests drew them (target/tmp/pages):
// axe, markup, width, keyboard, policy and pictures. Run after `cargo nextest run -p server`.
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { modes, start, visitor } from './browser.mjs';
import { axe, keyboard, markup, watch, width } from './checks.mjs';
import { close, fail } from './report.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const pages = join(root, 'target/tmp/pages');
const pictures = join(root, 'target/browser/gallery');
const only = process.argv.slice(2);
if (!existsSync(pages)) {
  console.log('No pages drawn yet: run `cargo nextest run -p server` first.');
  process.exit(1);
}
mkdirSync(pictures, { recursive: true });

const kinds = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };
const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; form-action 'self';" +
  " base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
const server = createServer((request, response) => {
  const path = join(pages, decodeURIComponent(new URL(request.url, 'http://x').pathname));
  if (!path.startsWith(pages) || !existsSync(path)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': kinds[extname(path)] ?? 'text/plain', 'content-security-policy': policy });
  return response.end(readFileSync(path));
});
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const base = `http://127.0.0.1:${server.address().port}`;

const browser = await start();
const names = readdirSync(pages).filter((name) => name.endsWith('.html')).filter((name) => only.length === 0 || only.some((one) => name.startsWith(one)));
for (const name of names) {
  await markup(readFileSync(join(pages, name), 'utf8'), `${name} markup`);
}
for (const [mode, settings] of Object.entries(modes)) {
  const context = await visitor(browser, settings);
  const page = await context.newPage();
  let where = '';
  watch(page, mode);
  for (const name of names) {
    where = `${name} ${mode}`;
    try {
      await page.goto(`${base}/${name}`);
      if (settings.script) {
        await page.evaluate(() => document.fonts.ready);
        await axe(page, where, settings.width > 1000);
        await width(page, where);
        if (mode === 'desktop') await keyboard(page, where);
      }
      if (settings.script) await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot({ path: join(pictures, `${name.replace('.html', '')}-${mode}.png`), fullPage: true });
    } catch (error) {
      fail(where, error.message.split('\n')[0]);
    }
  }
  await context.close();
}
await browser.close();
server.close();
process.exit(close());
