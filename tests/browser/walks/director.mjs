// The director: opens what climbed to this post, asks one question, accepts one.
import { body, press } from '../steps.mjs';

export async function walk({ origin, staff, watch, expect, fail }) {
  const director = await staff('director of');
  const page = await director.newPage();
  watch(page, 'director');
  await page.goto(`${origin}/duties`);
  const links = await page.$$eval('a.app-duty__link', (found) => found.map((link) => link.getAttribute('href')));
  if (links.length === 0) {
    fail('director', 'nothing in the demo has climbed to the director');
    return director.close();
  }
  await page.goto(origin + links[0]);
  const seen = await body(page);
  expect('director', seen.includes('Why this reached you'), 'it does not say why it reached her');
  expect('director', seen.includes('Who had it before') && seen.includes('For how long'), 'it does not say who had it, for how long');
  expect('director', seen.includes('Who asked for help'), 'it does not say who asked for help');
  await page.fill('#question', 'What stands in the way?');
  await press(page, 'Ask');
  const asked = links[0].split('/')[2];
  const hub = await staff(seen.match(/It goes to (.+), with a clock/)[1]);
  const theirs = await hub.newPage();
  watch(theirs, 'hub asked');
  await theirs.goto(`${origin}/duties?list=mine`);
  const row = theirs.locator('tr', { hasText: asked }).locator('a:has-text("Answer what another post asked")');
  expect('director', (await row.count()) === 1, 'what she asks is nobody\'s duty');
  if (await row.count()) {
    await row.click();
    expect('director', (await body(theirs)).includes('What stands in the way?'), 'the question is not on the duty to answer it');
  }
  await hub.close();
  for (const link of links) {
    await page.goto(origin + link);
    if (await page.$('main button:has-text("Accept")')) {
      await press(page, 'Accept');
      break;
    }
  }
  expect('director', (await body(page)).includes('You accepted this'), 'accepting is not shown');
  await page.click('main a:has-text("Say what was done")');
  await press(page, 'Record this answer');
  expect('director', (await body(page)).includes('Why this reached you'), 'a refused answer leads away from what climbed');
  await page.check('input[name="how"][value="done"]');
  await page.fill('#words', 'Chaired by the service manager this morning.');
  const finding = await page.$('input[name="finding"]');
  if (finding) await finding.check();
  await press(page, 'Record this answer');
  expect('director', new URL(page.url()).search === '?done=answered', `the answer of whoever accepted is not taken: ${page.url()}`);
  return director.close();
}
