// The demo in a real browser: every page × (desktop, dark, 320 px, no script), markup, content policy,
// keyboard, weights, contrast pairs, and the acceptance walks of reference/practice.md §2.
//   node run.mjs [walk ...]        walks to run; all when none is named
//   DAYLIGHT_BIN=path              the program (default target/debug/daylight)
//   DAYLIGHT_URL=http://… LINKS=…  a demo that runs already, and the file that holds what it printed
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { folder, modes, start, visitor } from './browser.mjs';
import { axe, keyboard, markup, watch, width } from './checks.mjs';
import { contrast } from './contrast.mjs';
import { close, expect, fail } from './report.mjs';
import { weights } from './weights.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const pictures = join(root, 'target/browser');
mkdirSync(pictures, { recursive: true });

/** Start the demo and read what it prints: where it is, and the one-time sign-in links. */
async function demo() {
  if (process.env.DAYLIGHT_URL) {
    return { ...read(readFileSync(process.env.LINKS, 'utf8')), end: () => {} };
  }
  const program = process.env.DAYLIGHT_BIN ?? join(root, 'target/debug/daylight');
  if (!existsSync(program)) {
    console.log(`There is no ${program}: run \`cargo build -p cli\` first.`);
    process.exit(1);
  }
  const child = spawn(program, ['demo', '--listen', '127.0.0.1:0', '--data', join(folder('demo'), 'store')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  const limit = Date.now() + 120_000;
  while (!/invite\/[0-9a-f]{64}[^]*scrutineer|lead for health|Safeguarding lead/i.test(text) && Date.now() < limit) {
    if (child.exitCode !== null) break;
    await new Promise((again) => setTimeout(again, 200));
  }
  const found = read(text);
  if (!found.origin) {
    console.log(`The demo did not say where it is served:\n${text}`);
    process.exit(1);
  }
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(found.origin).catch(() => null);
    if (answer?.ok) break;
    await new Promise((again) => setTimeout(again, 200));
  }
  return { ...found, end: () => child.kill('SIGINT') };
}

function read(text) {
  const origin = text.match(/http:\/\/[0-9.]+:[0-9]+/)?.[0];
  const links = [...text.matchAll(/^\s*(.+?):\s+(http:\/\/\S+\/invite\/[0-9a-f]{64})/gm)].map(([, who, link]) => ({ who, link }));
  return { origin, links };
}

const site = await demo();
const browser = await start();
const sessions = new Map();

/** Sign somebody in by their link, once; later visitors take over the cookies. */
async function staff(role, mode = modes.desktop) {
  const link = site.links.find(({ who }) => who.toLowerCase().includes(role.toLowerCase()));
  if (!link) throw new Error(`no sign-in link for ${role}`);
  if (!sessions.has(link.who)) {
    const context = await visitor(browser, modes.desktop);
    const page = await context.newPage();
    await page.goto(link.link);
    await page.click('main button[type=submit]');
    await page.waitForURL(/\/(duties|account)/);
    sessions.set(link.who, await context.storageState());
    await context.close();
  }
  return visitor(browser, mode, { storageState: sessions.get(link.who) });
}

const tools = { origin: site.origin, browser, modes, visitor, staff, watch, expect, fail, pictures };

/** The first address on a page that a pattern finds. */
async function linked(context, path, pattern) {
  const page = await context.newPage();
  await page.goto(site.origin + path);
  const hrefs = await page.$$eval('a[href]', (links) => links.map((link) => link.getAttribute('href')));
  await page.close();
  return hrefs.find((href) => pattern.test(href));
}

/** Who signs in, by a word of their post's title. The first sees every page in every mode; the rest what differs for them. */
const people = ['decision-maker', 'second emergency', 'social worker', 'service manager', 'director', 'designated', 'records', 'data protection', 'inspector', 'operator', 'safeguarding lead'];

/** The pages of one concern and one duty that somebody reaches from their own lists. */
async function reached(who) {
  const context = await staff(who);
  const concern = await linked(context, '/concerns', /^\/concerns\/[A-Z]{2}-[^/?]+$/);
  const duty = await linked(context, '/duties', /^\/concerns\/[^/]+\/duties\//);
  const found = [];
  if (concern) found.push(...['', '/timeline', '/people', '/proof/1'].map((part) => concern + part));
  if (duty) found.push(duty, `${duty}/why`);
  await context.close();
  return { concern, duty, found };
}

/** Every page there is to see: for anyone, and for each post of the demo. */
async function addresses() {
  const anyone = ['/', '/q/1', '/work', '/back', '/q/go-on', '/receipt', '/sign-in', '/help', '/privacy', '/cookies', '/accessibility', '/proof', '/demo', '/nowhere'];
  const pages = anyone.map((path) => ({ who: null, path }));
  for (const [place, who] of people.entries()) {
    const { duty, found } = await reached(who);
    const add = (paths) => pages.push(...paths.map((path) => ({ who, path, few: place > 0 })));
    add(['/duties', '/concerns', ...found]);
    if (place === 0 && expect('pages', duty, 'the hub has no duty to open')) {
      const concern = duty.split('/duties/')[0];
      add(['/duties?list=team', '/duties?list=owed', '/duties?list=finished', '/record', '/unsent', '/account', '/concerns?reference=NM-1']);
      add([`${duty}/wait`, `${concern}/decide`, `${concern}/reporter`, `${concern}/restriction`]);
    }
    if (who === 'operator') {
      const context = await staff(who);
      const person = await linked(context, '/accounts', /^\/accounts\//);
      await context.close();
      add(['/accounts', '/accounts/new', ...(person ? [person] : [])]);
    }
    if (['director', 'records', 'data protection'].includes(who)) add(['/inspections']);
    if (who === 'records' && found.length > 0) add([`${found[0]}/keeping`]);
  }
  return pages;
}

async function look(pages) {
  for (const [mode, settings] of Object.entries(modes)) {
    const contexts = new Map();
    for (const { who, path, few } of pages) {
      if (few && mode !== (/inspections|accounts|concerns$/.test(path) ? 'phone-320' : 'desktop') && mode !== 'desktop') continue;
      const where = `${who ?? 'anyone'} ${path} ${mode}`;
      if (!contexts.has(who)) contexts.set(who, who ? await staff(who, settings) : await visitor(browser, settings));
      const page = await contexts.get(who).newPage();
      watch(page, where);
      try {
        const answer = await page.goto(site.origin + path);
        const refused = path === '/nowhere' || path.includes('?reference=');
        if (!refused) expect(where, answer.status() < 400, `answered ${answer.status()}`);
        if (mode === 'desktop') await markup(await answer.text(), where);
        if (settings.script) {
          await page.evaluate(() => document.fonts.ready);
          await axe(page, where, settings.width > 1000);
          await width(page, where);
          if (mode === 'desktop') await keyboard(page, where);
          await page.evaluate(() => window.scrollTo(0, 0));
        }
        const name = `${who ?? 'anyone'}${path.replace(/[^a-z0-9]+/gi, '-').replace(/NM-[A-Z0-9-]+?(?=-|$)/, 'NM').slice(0, 50)}-${mode}`;
        await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
      } catch (error) {
        fail(where, error.message.split('\n')[0]);
      }
      await page.close();
    }
    for (const context of contexts.values()) await context.close();
  }
}

async function walks(names) {
  for (const name of names) {
    try {
      const { walk } = await import(pathToFileURL(join(here, 'walks', name)).href);
      await walk(tools);
    } catch (error) {
      fail(name, error.message.split('\n').slice(0, 3).join(' '));
    }
  }
}

const named = process.argv.slice(2);
const all = readdirSync(join(here, 'walks')).filter((name) => name.endsWith('.mjs'));
try {
  if (named.length === 0) {
    contrast(root);
    await look(await addresses());
    await weights(tools);
  }
  await walks(named.length > 0 ? all.filter((name) => named.some((one) => name.startsWith(one))) : all);
} catch (error) {
  fail('run', error.message);
}
await browser.close();
site.end();
process.exitCode = close();
setTimeout(() => process.exit(process.exitCode), 1_000).unref();
