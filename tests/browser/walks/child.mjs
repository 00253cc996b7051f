// Kez, 15, on a shared phone: writes two lines and exits; starts again, keeps nothing, sends;
// from another device switches the code off.
import { answer, body, press } from '../steps.mjs';

export async function walk({ origin, browser, visitor, modes, watch, expect }) {
  const phone = await visitor(browser, { ...modes['phone-320'] });
  const page = await phone.newPage();
  const downloads = [];
  page.on('download', (file) => downloads.push(file));
  watch(page, 'child');
  await page.goto(`${origin}/q/1`);
  expect('child', (await page.title()) === 'Question 1 of 5', 'the title says more than it should');
  await page.fill('#worry', 'It is about home.');
  await press(page, 'Continue');
  await page.route(/^https:/, (route) => route.fulfill({ body: 'weather' }));
  await page.click('button:has-text("Exit this page")');
  await page.waitForTimeout(800);
  await page.goto(`${origin}/q/1`);
  expect('child', (await page.inputValue('#worry')) === '', 'after Exit, opening again shows what was written');
  await page.goto(`${origin}/q/3`);
  expect('child', page.url().endsWith('/q/1'), 'after Exit, a later page is still open');
  expect('child', (await phone.cookies()).every((cookie) => cookie.name !== 'visit'), 'after Exit, a cookie is left');

  await answer(page, origin, { worry: 'It is about home.', chips: [], keep: 'no', safe: 'unknown' });
  expect('child', !/account|password/i.test(await page.innerText('main')), 'a step asks for an account');
  await press(page, 'Send');
  const sent = await body(page);
  expect('child', sent.includes('We have what you told us'), 'it was not sent');
  expect('child', !/NM-[0-9A-Z]{4}/.test(sent), 'a reference is shown');
  expect('child', /A person will next look by|Accepted by/.test(sent), 'it does not say when a person will next look');
  expect('child', sent.includes('Nothing to save, nothing to print'), 'something is offered to keep');
  const code = (await page.innerText('.app-code')).trim();
  await page.goto(`${origin}/help`);
  expect('child', (await body(page)).includes('0800 1111'), 'nobody to talk to now');
  expect('child', downloads.length === 0, 'something was downloaded');

  const other = await visitor(browser);
  const school = await other.newPage();
  await school.goto(`${origin}/back`);
  await school.fill('#off-code', code);
  await press(school, 'Turn the code off');
  await school.fill('#code', code);
  await school.fill('#word', 'kestrel');
  await press(school, 'Open');
  const refused = await school.innerText('main');
  await school.fill('#code', '2ZZ ZZ2');
  await school.fill('#word', 'kestrel');
  await press(school, 'Open');
  expect('child', refused === (await school.innerText('main')), 'a code switched off differs from a wrong one');
  await other.close();
  await phone.close();
}
