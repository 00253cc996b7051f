// Whoever runs the node removes what somebody lost and hands over a link; that person is signed out at once and gets back in.
import { axe, width } from '../checks.mjs';
import { body, press } from '../steps.mjs';
import { serve } from '../served.mjs';

const device = { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };

/** Somebody invited, in a browser with a device of its own, set up with a passkey. */
async function resident(tools, link) {
  const context = await tools.visitor(tools.browser);
  const page = await context.newPage();
  tools.watch(page, 'accounts');
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', { options: device });
  await enter(page, link);
  return { context, page };
}

async function enter(page, link) {
  await page.goto(link);
  await press(page, 'Start');
  await page.click('main a:has-text("Add a passkey instead")');
  await page.fill('#name', 'work laptop');
  await page.click('main button:has-text("Add the passkey")');
  await page.waitForURL(/duties|accounts/);
}

export async function walk(tools) {
  const { expect, pictures } = tools;
  const site = await serve(['R. Achebe <r.achebe@northmere.example> northmere/hub', 'S. Lund <s.lund@northmere.example> northmere/operator']);
  const hub = await resident(tools, site.links[0]);
  const operator = await resident(tools, site.links[1]);
  const look = async (name) => {
    await axe(operator.page, `accounts ${name}`);
    await width(operator.page, `accounts ${name}`);
    await operator.page.screenshot({ path: `${pictures}/accounts-${name}.png`, fullPage: true });
  };
  expect('accounts', operator.page.url().endsWith('/accounts'), 'the operator does not land on the accounts');
  await look('list');
  await operator.page.click('main a:has-text("R. Achebe")');
  await press(operator.page, 'Remove what they sign in with');
  expect('accounts', (await body(operator.page)).includes('Say why'), 'no reason was asked for');
  await operator.page.fill('#reason', 'Laptop lost. Rang back at the number on the rota.');
  await press(operator.page, 'Remove what they sign in with');
  const link = (await body(operator.page)).match(/http:\/\/\S+\/invite\/[0-9a-f]{64}/)?.[0];
  expect('accounts', link, 'no link is shown');
  await look('link');
  await operator.page.click('main a:has-text("Back to the account")');
  expect('accounts', (await body(operator.page)).includes('Laptop lost'), 'the reason is not on the account');
  await look('person');
  await hub.page.goto(`${site.origin}/duties`);
  expect('accounts', hub.page.url().endsWith('/sign-in'), 'whoever lost it is still signed in');
  await enter(hub.page, link);
  expect('accounts', hub.page.url().endsWith('/duties'), 'the link does not bring them back');
  await hub.context.close();
  await operator.context.close();
  site.end();
}
