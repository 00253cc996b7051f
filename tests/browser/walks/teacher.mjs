// A teacher with no account: 120 words pasted, two pupils, a partial plate, "I do not know".
import { body, choose, press } from '../steps.mjs';

const words = Array.from({ length: 20 }, () => 'She left school early again today.').join(' ');

export async function walk({ origin, browser, visitor, staff, watch, expect }) {
  const context = await visitor(browser);
  const page = await context.newPage();
  watch(page, 'teacher');
  await page.goto(`${origin}/work`);
  await page.fill('#worry', words);
  for (const [kind, role, what, more] of [
    ['child', 'child-at-risk', 'Mina Hale', '9'],
    ['child', 'child-at-risk', 'Ivo Hale', '4'],
    ['vehicle', 'used-in', 'ends 7KD', ''],
  ]) {
    await page.selectOption('#add-kind', kind);
    await page.selectOption('#add-role', role);
    await page.fill('#add-what', what);
    await page.fill('#add-more', more);
    await press(page, 'Add to the list');
    expect('teacher', (await page.inputValue('#worry')) === words, 'adding a pupil lost what was pasted');
  }
  await choose(page, 'safe', 'unknown');
  await choose(page, 'colleague', 'no');
  await choose(page, 'know', 'unknown');
  await page.fill('#name', 'Osian Trevarth');
  await page.fill('#role', 'Year 9 lead');
  await page.fill('#org', 'Northmere Academy');
  await press(page, 'Send');
  const wrong = await body(page);
  expect('teacher', wrong.includes('There is a problem') && wrong.includes('Write how to reach you at work'), 'a missing answer is not said');
  expect('teacher', (await page.inputValue('#worry')) === words, 'an error lost what was pasted');
  const shut = wrong.includes('The day desk is closed');
  await page.fill('#contact', '01632 960 017');
  await press(page, 'Send');
  const sent = await body(page);
  expect('teacher', /NM-[0-9A-Z]{4}-[0-9A-Z]{4}/.test(sent), 'no reference');
  expect('teacher', sent.includes('Full receipt, with your words'), 'no full receipt');
  if (shut) expect('teacher', sent.includes('01632 960 000') || sent.includes('Accepted by'), 'no night number after "I do not know"');
  const reference = sent.match(/NM-[0-9A-Z]{4}-[0-9A-Z]{4}/)[0];
  await context.close();

  const hub = await staff('hub');
  const desk = await hub.newPage();
  const found = await desk.goto(`${origin}/concerns/${reference}`);
  expect('teacher', found.status() === 200, `the hub cannot open ${reference}: ${found.status()}`);
  expect('teacher', (await body(desk)).includes('She left school early'), 'the hub does not see what was said');
  await hub.close();
}
