// Asking the browser for a passkey, on the two pages that need one. The challenge lies in the form as JSON, the answer
// goes back in the same form: nothing is fetched, nothing is kept. Without this file the page says what to do instead.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const named = (one) => ({ ...one, id: bytes(one.id) });

/** The server writes bytes as base64url; the browser wants them as bytes. */
function options(form) {
  const asked = JSON.parse(form.dataset.appPasskeyAsk).publicKey;
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: named(asked.user) }),
    ...(asked.excludeCredentials && { excludeCredentials: asked.excludeCredentials.map(named) }),
    ...(asked.allowCredentials && { allowCredentials: asked.allowCredentials.map(named) }),
  };
}

function answer({ id, rawId, type, response }) {
  const parts = ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'];
  const given = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({ id, type, rawId: text(rawId), response: Object.fromEntries(given), extensions: {} });
}

const form = document.querySelector('[data-app-passkey]');
if (form && window.PublicKeyCredential) {
  const part = (name) => form.querySelector(`[data-app-passkey-${name}]`);
  part('without').hidden = true;
  part('with').hidden = false;
  let asking = false;
  const ask = async () => {
    if (asking) return;
    // A name the server will refuse must not leave a key behind on the device.
    const name = form.elements.name?.value.trim();
    if (name === '' || name?.length > 60) {
      form.submit();
      return;
    }
    asking = true;
    part('failed').hidden = true;
    try {
      const made = form.dataset.appPasskey === 'create' ? 'create' : 'get';
      form.elements.answer.value = answer(await navigator.credentials[made]({ publicKey: options(form) }));
      form.submit();
    } catch {
      // Nobody answered, or the device has no such key: it is not said which.
      asking = false;
      part('failed').hidden = false;
    }
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    ask();
  });
  if (form.dataset.appPasskey === 'get') ask();
}
