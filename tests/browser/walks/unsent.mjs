// Typed and not sent: a worker's browser closes in the middle of a call; a child stops, and goes on with a code.
import { choose, press } from '../steps.mjs';

const WORDS = 'He said that nobody was at home, and that it was the third time.';

export async function walk({ origin, browser, modes, visitor, staff, watch, expect, pictures }) {
  const hub = await staff('decision-maker');
  const call = await hub.newPage();
  watch(call, 'unsent: hub');
  await call.goto(`${origin}/record`);
  await call.fill('#worry', WORDS);
  await call.fill('#add-what', 'Owen Tarrant');
  await press(call, 'Save and come back later');
  expect('unsent: hub', /Nothing was sent/.test(await call.innerText('main')), 'it does not say that nothing was sent');
  expect('unsent: hub', !(await call.innerText('main')).includes(WORDS), 'the list shows what was typed');
  const cookies = await hub.storageState();
  await hub.close();

  const again = await visitor(browser, modes.desktop, { storageState: cookies });
  const back = await again.newPage();
  watch(back, 'unsent: hub again');
  await back.goto(`${origin}/unsent`);
  await Promise.all([back.waitForLoadState('load'), back.click('main a:has-text("Go on")')]);
  await back.waitForURL(/\/record\?once=/);
  expect('unsent: hub again', (await back.inputValue('#worry')) === WORDS, 'what was typed is not there');
  expect('unsent: hub again', (await back.innerText('main')).includes('Owen Tarrant'), 'the child that was typed is not there');
  await back.screenshot({ path: `${pictures}/unsent-begun.png`, fullPage: true });
  await back.clock.install();
  await back.reload();
  expect('unsent: hub again', !(await back.isVisible('[data-app-ending]')), 'it warns an hour before the session ends');
  await back.clock.fastForward('56:00');
  expect('unsent: hub again', await back.isVisible('[data-app-ending]'), 'it does not warn before the session ends');
  await press(back, 'Throw away');
  expect('unsent: hub again', /You have nothing unfinished/.test(await back.innerText('main')), 'it was not thrown away');
  await again.close();

  const phone = await visitor(browser, modes['phone-320']);
  const kez = await phone.newPage();
  watch(kez, 'unsent: child');
  await kez.goto(`${origin}/q/1`);
  await kez.fill('#worry', 'I am scared to go home.');
  await press(kez, 'I need to stop and come back later');
  expect('unsent: child', /Anyone who finds the code/.test(await kez.innerText('main')), 'the risk is not said first');
  await press(kez, 'Show me a code');
  const code = (await kez.innerText('.app-call__number.app-mono')).trim();
  expect('unsent: child', /^[2-9A-Z]{5} [2-9A-Z]{5}$/.test(code), `no code: ${code}`);
  expect('unsent: child', !kez.url().includes(code.split(' ')[0]), 'the code is in the address');
  expect('unsent: child', (await phone.cookies()).length === 0, 'the browser keeps a cookie');
  await kez.goto(`${origin}/q/1`);
  expect('unsent: child', (await kez.inputValue('#worry')) === '', 'what was typed is on the phone still');
  await phone.close();

  const school = await visitor(browser, modes.desktop);
  const later = await school.newPage();
  watch(later, 'unsent: school');
  for (const typed of [code.toLowerCase(), code]) {
    await later.goto(origin);
    await Promise.all([later.waitForLoadState('load'), later.click('a:has-text("Go on with something I stopped")')]);
    await later.fill('#code', typed);
    await later.locator('main form').first().locator('button').click();
    await later.waitForLoadState('load');
    if (typed === code) break;
    await later.waitForURL(/\/q\/2$/);
    await choose(later, 'safe', 'yes');
    await press(later, 'Continue');
    await later.goto(`${origin}/q/1`);
    expect('unsent: school', (await later.inputValue('#worry')) === 'I am scared to go home.', 'the words did not come back');
  }
  expect('unsent: school', /That code opens nothing/.test(await later.innerText('main')), 'a code opens twice');
  await school.close();
}
