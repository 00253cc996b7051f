// Whoever runs the node removes what somebody lost; that person is signed out at once. A second person agrees, hands over the
// link, and they get back in.
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
  const site = await serve(['R. Achebe <r.achebe@northmere.example> northmere/hub', 'S. Lund <s.lund@northmere.example> northmere/operator', 'D. Ford <d.ford@northmere.example> northmere/records-officer']);
  const hub = await resident(tools, site.links[0]);
  const operator = await resident(tools, site.links[1]);
  const records = await resident(tools, site.links[2]);
  const look = async (name, page = operator.page) => {
    await axe(page, `accounts ${name}`);
    await width(page, `accounts ${name}`);
    await page.screenshot({ path: `${pictures}/accounts-${name}.png`, fullPage: true });
  };
  expect('accounts', operator.page.url().endsWith('/accounts'), 'the operator does not land on the accounts');
  await look('list');
  await operator.page.click('main a:has-text("R. Achebe")');
  await press(operator.page, 'Remove what they sign in with');
  expect('accounts', (await body(operator.page)).includes('Say why'), 'no reason was asked for');
  await operator.page.fill('#reason', 'Laptop lost. Rang back at the number on the rota.');
  await press(operator.page, 'Remove what they sign in with');
  const invitation = /http:\/\/\S+\/invite\/[0-9a-f]{64}/;
  expect('accounts', !invitation.test(await body(operator.page)), 'whoever runs the node is shown a link');
  expect('accounts', (await body(operator.page)).includes('Laptop lost'), 'the reason is not on the account');
  await look('person');
  await records.page.goto(`${site.origin}/duties`);
  await records.page.click('main a:has-text("Somebody waits to be let in")');
  await look('letting', records.page);
  await records.page.click('main a:has-text("R. Achebe")');
  await press(records.page, 'Refuse');
  expect('accounts', (await body(records.page)).includes('Say why you refuse'), 'a refusal needs no reason');
  await look('letting-one', records.page);
  await press(records.page, 'Agree');
  const link = (await body(records.page)).match(invitation)?.[0];
  expect('accounts', link, 'whoever agreed is shown no link');
  await look('link', records.page);
  await hub.page.goto(`${site.origin}/duties`);
  expect('accounts', hub.page.url().endsWith('/sign-in'), 'whoever lost it is still signed in');
  await enter(hub.page, link);
  expect('accounts', hub.page.url().endsWith('/duties'), 'the link does not bring them back');
  await hub.context.close();
  await operator.context.close();
  await records.context.close();
  site.end();
}
