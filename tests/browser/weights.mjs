// What a page weighs as it travels: compressed, all files of a first visit, and the next page with all kept.
const first = 75 * 1024;
const next = 12 * 1024;

async function measure(context, url) {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  let bytes = 0;
  session.on('Network.loadingFinished', (event) => {
    bytes += event.encodedDataLength;
  });
  await page.goto(url, { waitUntil: 'networkidle' });
  await page.close();
  return bytes;
}

export async function weights({ origin, visitor, browser, staff, expect }) {
  const kb = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;
  for (const [who, pages] of [[null, ['/q/1', '/work']], ['hub', ['/duties', '/record']]]) {
    const context = who ? await staff(who) : await visitor(browser);
    const [one, two] = [await measure(context, origin + pages[0]), await measure(context, origin + pages[1])];
    console.log(`weight: ${pages[0]} first visit ${kb(one)}; then ${pages[1]} ${kb(two)}`);
    expect(`weight ${pages[0]}`, one <= first, `first visit ${kb(one)}`);
    expect(`weight ${pages[1]}`, two <= next, `next page ${kb(two)}`);
    await context.close();
  }
}
