// The parent of a 14-year-old, on a phone of 320 px: reports an adult, says her father must not know,
// comes back with code and word and adds a plate.
import { answer, body, press } from '../steps.mjs';

export async function walk({ origin, browser, visitor, modes, watch, expect }) {
  const phone = await visitor(browser, modes['phone-320']);
  const page = await phone.newPage();
  watch(page, 'parent');
  await answer(page, origin, {
    worry: 'A man I do not know collects my daughter from school.',
    chips: [['child', 'child-at-risk', 'Rowan Kestle', '14'], ['adult', 'person-of-concern', 'Driver, name not known', '']],
    know: 'must-not-know',
    knowMore: 'her father must not know I told you',
    safe: 'yes',
  });
  const check = await body(page);
  expect('parent', check.includes('Who will see this'), 'it does not say who will see this before sending');
  expect('parent', check.includes('We cannot promise that nobody will guess'), 'it promises what cannot be kept');
  expect('parent', check.includes('her father must not know I told you'), 'what she said is not shown before sending');
  await press(page, 'Send');
  const code = (await page.innerText('.app-code')).trim();
  expect('parent', !(await body(page)).includes('collects my daughter'), 'the receipt shows her words');

  await page.goto(`${origin}/back`);
  await page.fill('#code', code);
  await page.fill('#word', 'kestrel');
  await press(page, 'Open');
  const progress = await body(page);
  expect('parent', progress.includes('Received') && !progress.includes('collects my daughter') && !progress.includes('Rowan'), 'progress shows her text');
  await page.fill('#words', 'The plate is NM07 7KD');
  await press(page, 'Add it');
  const added = await body(page);
  expect('parent', added.includes('Added.') && !added.includes('7KD'), 'adding a plate did not work');
  await phone.close();
}
