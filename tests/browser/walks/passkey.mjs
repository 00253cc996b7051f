// Somebody invited adds a passkey, signs out, and signs in with it: in a real browser with a device of Chromium's own.
// Without script the same pages say what to do instead.
import { body, press } from '../steps.mjs';
import { serve } from '../served.mjs';

const name = 'r.achebe@northmere.example';
const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };

export async function walk({ browser, visitor, modes, watch, expect, pictures }) {
  const site = await serve([`R. Achebe <${name}> northmere/hub`]);
  const context = await visitor(browser);
  const page = await context.newPage();
  watch(page, 'passkey');
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', { options: device });
  await page.goto(site.links[0]);
  await press(page, 'Start');
  await page.click('main a:has-text("Add a passkey instead")');
  await page.fill('#name', 'work laptop');
  await page.screenshot({ path: `${pictures}/passkey-add.png` });
  await page.click('main button:has-text("Add the passkey")');
  await page.waitForURL(/duties/);
  const held = await session.send('WebAuthn.getCredentials', { authenticatorId });
  expect('passkey', held.credentials.length === 1, 'the device holds no key');
  await page.goto(`${site.origin}/account`);
  expect('passkey', (await body(page)).includes('Passkey: work laptop'), 'the account does not list it');
  await page.click('button:has-text("Sign out")');
  await page.waitForURL(/sign-in/);

  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.fill('#passkey-name', name);
  await page.click('main button:has-text("Use a passkey")');
  await page.waitForSelector('[data-app-passkey-failed]:not([hidden])');
  expect('passkey', page.url().endsWith('/sign-in/passkey'), 'an unverified person got in');
  await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.click('main button:has-text("Use a passkey")');
  await page.waitForURL(/duties/);
  await context.close();

  const bare = await visitor(browser, modes['no-script']);
  const plain = await bare.newPage();
  await plain.goto(`${site.origin}/sign-in`);
  await plain.fill('#passkey-name', name);
  await press(plain, 'Use a passkey');
  expect('passkey', (await body(plain)).includes('A password and a code do the same'), 'without script nobody is told what to do');
  expect('passkey', !(await plain.isVisible('main form button')), 'a button that does nothing is shown');
  await bare.close();
  site.end();
}
