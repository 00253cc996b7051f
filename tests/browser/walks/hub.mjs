// The hub's decision-maker: takes a concern with two siblings, decides differently, records a call.
import { answer, body, choose, press } from '../steps.mjs';

export async function walk({ origin, browser, visitor, staff, watch, expect }) {
  const public_ = await visitor(browser);
  const reporter = await public_.newPage();
  await answer(reporter, origin, {
    chips: [['child', 'child-at-risk', 'Mina Orr', '9'], ['child', 'child-at-risk', 'Ivo Orr', '4']],
  });
  await press(reporter, 'Send');
  const reference = (await body(reporter)).match(/NM-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  await public_.close();

  const hub = await staff('hub');
  const page = await hub.newPage();
  watch(page, 'hub');
  await page.goto(`${origin}/duties`);
  const list = await body(page);
  expect('hub', list.includes(reference), 'the new concern is not in the list');
  expect('hub', !list.includes('Mina Orr') && list.includes('M.O.'), 'the list shows a full name');
  const focused = () => page.evaluate(() => document.activeElement.className);
  await page.keyboard.press('j');
  expect('hub', !(await focused()).includes('app-duty__link'), 'a key acts before anybody turned the keys on');
  await page.click('button:has-text("Turn them on")');
  await page.reload();
  await page.keyboard.press('j');
  expect('hub', (await focused()).includes('app-duty__link'), '"j" does not go to a duty');
  await page.keyboard.press('f');
  await page.keyboard.type('jk');
  expect('hub', (await page.evaluate(() => document.activeElement.value)) === 'jk', 'a key acts in a box');
  await page.click('button:has-text("Turn them off")');
  expect('hub', (await page.evaluate(() => document.cookie)) === '', 'a cookie is left');
  await page.goto(`${origin}/concerns/${reference}/decide`);
  expect('hub', !(await page.title()).includes('Mina'), 'a name in the title');
  const names = await page.$$eval('input[type=radio][name^="outcome-"]', (inputs) => [...new Set(inputs.map((input) => input.name))]);
  expect('hub', names.length === 2, `two siblings are ${names.length} decisions`);
  await choose(page, names[0], 'assessment');
  await page.fill(`[name="${names[0].replace('outcome', 'reason')}"]`, 'What the school saw needs looking into.');
  await choose(page, names[1], 'no-further-action');
  await page.fill(`[name="${names[1].replace('outcome', 'reason')}"]`, 'He was not there and is well.');
  await press(page, 'Decide');
  const decided = await body(page);
  expect('hub', decided.includes('The decision is recorded'), 'the decision was not recorded');
  expect('hub', /Assess/i.test(decided), 'the first decision is not shown');

  await page.goto(`${origin}/record`);
  await page.fill('#worry', '“I do not know who he is.”');
  await choose(page, 'safe', 'yes');
  await choose(page, 'colleague', 'no');
  await choose(page, 'know', 'unknown');
  await choose(page, 'how', 'telephone');
  await choose(page, 'kind', 'private');
  await choose(page, 'receipt', 'no');
  await page.fill('#who', 'Carys Holtby, aunt');
  await press(page, 'Record it');
  const recorded = await body(page);
  expect('hub', /NM-[0-9A-Z]{4}-[0-9A-Z]{4}/.test(recorded) && recorded.includes('Read this to the caller'), 'no reference to read aloud');
  const told = recorded.match(/NM-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  await page.goto(`${origin}/concerns/${told}`);
  const opened = await body(page);
  expect('hub', opened.includes('We were told') && opened.includes('Recorded'), 'told-at and written-at are not both shown');
  expect('hub', !/reason for looking|purpose of/i.test(opened), 'it asks for a purpose');
  await page.goto(`${origin}/concerns/${told}/timeline`);
  await page.locator('main a:has-text("Correct or dispute")').last().click();
  await press(page, 'Put it beside the entry');
  expect('hub', (await page.locator('.govuk-error-summary').count()) === 1, 'an empty correction is not refused');
  await choose(page, 'choice', 'disputes');
  await page.fill('#words', 'He says that he was not there.');
  await press(page, 'Put it beside the entry');
  expect('hub', (await body(page)).includes('stand beside that entry'), 'the words do not stand beside the entry');
  await page.goto(`${origin}/concerns/${told}`);
  await page.click('main a:has-text("I know this family")');
  await press(page, 'I know this family');
  expect('hub', !(await body(page)).includes(told), 'what somebody stepped away from is still listed');
  await hub.close();
}
