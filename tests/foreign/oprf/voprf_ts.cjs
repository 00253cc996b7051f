// Checks the published vectors with @cloudflare/voprf-ts. Usage: node voprf_ts.cjs VECTORS MODULES
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const [, , file, modules] = process.argv;
const load = (name) => require(require.resolve(name, { paths: [path.resolve(modules)] }));
const { Oprf, VOPRFClient, VOPRFServer, FinalizeData, Evaluation } = load('@cloudflare/voprf-ts');
const { CryptoNoble } = load('@cloudflare/voprf-ts/crypto-noble');

const vectors = JSON.parse(fs.readFileSync(file, 'utf8'));
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (b) => Buffer.from(b).toString('hex');
const suite = Oprf.Suite.RISTRETTO255_SHA512;
const u16 = (n) => Uint8Array.from([n >> 8, n & 255]);
const join = (...parts) => Uint8Array.from(parts.flatMap((p) => [...p]));
const list = (items) => join(u16(items.length), ...items);
let checked = 0;
const must = (ok, what) => {
  if (!ok) throw new Error(what);
  checked += 1;
};

async function main() {
  const o = vectors.oprf;
  const inputs = o.inputs.map(bytes);
  // the whole key gives the combined outputs
  const whole = new VOPRFServer(suite, bytes(o.whole_secret), CryptoNoble);
  for (const [i, input] of inputs.entries()) {
    must(hex(await whole.evaluate(input)) === o.outputs[i], `output ${i}`);
  }
  const finData = () =>
    FinalizeData.deserialize(
      suite,
      join(u16(inputs.length), ...inputs.flatMap((x) => [u16(x.length), x]), list(o.blinds.map(bytes)), list(o.blinded.map(bytes))),
      CryptoNoble,
    );
  for (const answer of o.answers) {
    const client = new VOPRFClient(suite, bytes(answer.public), CryptoNoble);
    const server = new VOPRFServer(suite, bytes(answer.secret), CryptoNoble);
    const evaluation = (proof) =>
      Evaluation.deserialize(suite, join(list(answer.evaluated.map(bytes)), Uint8Array.from([1]), proof), CryptoNoble);
    const outputs = await client.finalize(finData(), evaluation(bytes(answer.proof)));
    for (const [i, input] of inputs.entries()) {
      must(hex(outputs[i]) === hex(await server.evaluate(input)), `key-holder ${answer.seat}, output ${i}`);
    }
    const wrong = bytes(answer.proof);
    wrong[40] ^= 1;
    let refused = false;
    try {
      await client.finalize(finData(), evaluation(wrong));
    } catch {
      refused = true;
    }
    must(refused, `key-holder ${answer.seat}: a changed proof is refused`);
    // its own blinded request, answered by this key, gives the same outputs
    const [mine, request] = await client.blind(inputs);
    const again = await client.finalize(mine, await server.blindEvaluate(request));
    must(again.every((y, i) => hex(y) === hex(outputs[i])), `key-holder ${answer.seat}: fresh blinds`);
  }
  console.log(`${checked} checks`);
}
main().then(
  () => process.exit(0),
  (error) => {
    console.log(error.message);
    process.exit(1);
  },
);
