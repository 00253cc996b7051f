// Verifies a log directory with sigstore-js. Usage: sigstore_verify.cjs NODE_DIR LOG_DIR
//
// The log's signature on its head and the exhibit's path. The two functions are internal to the package,
// so its version is pinned.
const fs = require('node:fs');
const path = require('node:path');
const crypto = require('node:crypto');

const [nodeDir, dir] = process.argv.slice(2);
let verifyCheckpoint, verifyMerkleInclusion;
try {
  const tlog = path.join(nodeDir, 'node_modules/@sigstore/verify/dist/tlog');
  ({ verifyCheckpoint } = require(path.join(tlog, 'checkpoint.js')));
  ({ verifyMerkleInclusion } = require(path.join(tlog, 'merkle.js')));
} catch (error) {
  console.log('cannot run:', error.message);
  process.exit(3);
}

const read = (name) => fs.readFileSync(path.join(dir, name), 'utf8');

function logKey() {
  const line = read('policy').split('\n').find((line) => line.startsWith('log '));
  const [name, id, key] = line.split(' ')[1].split(/\+(.{8})\+/);
  const raw = Buffer.from(key, 'base64').subarray(1);
  const publicKey = crypto.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
  return { logID: Buffer.from(id, 'hex'), baseURL: name, publicKey };
}

function checkExhibit(text, key) {
  const split = text.indexOf('\n\n');
  const lines = text.slice(0, split).split('\n');
  const extra = Buffer.from(lines[1].replace(/^extra /, ''), 'base64').toString();
  const entry = {
    canonicalizedBody: Buffer.from(extra.split('~')[0]),
    inclusionProof: {
      logIndex: lines[2].replace(/^index /, ''),
      hashes: lines.slice(3).map((line) => Buffer.from(line, 'base64')),
      checkpoint: { envelope: text.slice(split + 2) },
    },
  };
  const checkpoint = verifyCheckpoint(entry, [key]);
  verifyMerkleInclusion(entry, checkpoint);
  return checkpoint.logSize;
}

try {
  const key = logKey();
  verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: read('checkpoint') } } }, [key]);
  checkExhibit(read('receipt.tlog-proof'), key);
  console.log(`exhibit in a log of ${checkExhibit(read('exhibit.tlog-proof'), key)} entries`);
} catch (error) {
  console.log('refused:', error.message);
  process.exit(1);
}
