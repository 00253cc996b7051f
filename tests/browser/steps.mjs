// What walks do again and again: answer the public questions, and read what a page says.

export async function body(page) {
  return page.innerText('body');
}

export async function press(page, name) {
  await Promise.all([page.waitForLoadState('load'), page.click(`main button:has-text("${name}")`)]);
  await page.waitForLoadState('load');
}

export async function choose(page, name, value) {
  await page.check(`input[name="${name}"][value="${value}"]`);
}

/** Question 1 to the page before sending. Answers are overridden by name. */
export async function answer(page, origin, given = {}) {
  await page.goto(`${origin}/q/1`);
  await page.fill('#worry', given.worry ?? 'She has missed four afternoons. A man we do not know waited at the gate.');
  await press(page, 'Continue');
  await choose(page, 'safe', given.safe ?? 'yes');
  await press(page, 'Continue');
  if (page.url().endsWith('/q/now')) {
    await given.onNow?.(page);
    await choose(page, 'spoke', given.spoke ?? 'not-yet');
    await press(page, 'Continue');
  }
  for (const [kind, role, what, more] of given.chips ?? [['child', 'child-at-risk', 'Tegan Marlow', '13']]) {
    await page.selectOption('#add-kind', kind);
    await page.selectOption('#add-role', role);
    await page.fill('#add-what', what);
    await page.fill('#add-more', more ?? '');
    await press(page, 'Add to the list');
  }
  await choose(page, 'colleague', given.colleague ?? 'no');
  await press(page, 'Continue');
  await choose(page, 'know', given.know ?? 'do-not-know');
  if (given.knowMore) await page.fill('#know_more', given.knowMore);
  await press(page, 'Continue');
  await choose(page, 'reach', given.reach ?? 'none');
  if (given.contact) await page.fill('#contact', given.contact);
  await press(page, 'Continue');
  await choose(page, 'keep', given.keep ?? 'yes');
  await page.fill('#word', given.word ?? 'kestrel');
  await press(page, 'Continue');
}
