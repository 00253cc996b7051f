// Builds dist/: the stylesheet, the scripts, the font and the mark, each under a name
// that holds a hash of its bytes, with compressed copies and the licences.
// Usage: node build.mjs [--check]. With --check, builds beside and compares with dist/.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib';
import esbuild from 'esbuild';
import { transform } from 'lightningcss';
import * as sass from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, 'dist');
const checking = process.argv.includes('--check');
const out = checking ? mkdtempSync(join(tmpdir(), 'assets-')) : dist;
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const manifest = {};
const notice =
  'Holds parts of GOV.UK Frontend (c) Crown copyright, Government Digital Service, and MOJ Frontend' +
  ' (c) Crown copyright, Ministry of Justice. Both MIT: see LICENCES.txt';

/** Write one file under its hashed name, with brotli and gzip copies when they are smaller. */
function put(name, bytes, compress = true) {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const dot = name.lastIndexOf('.');
  const hashed = `${name.slice(0, dot)}.${hash}${name.slice(dot)}`;
  manifest[name] = hashed;
  writeFileSync(join(out, hashed), bytes);
  if (compress) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(out, `${hashed}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(out, `${hashed}.gz`), gzipSync(bytes, { level: 9 }));
  }
  return hashed;
}

for (const font of ['public-sans-latin.woff2', 'public-sans-latin-ext.woff2']) {
  put(font, readFileSync(join(here, 'static', font)), false);
}
put('mark.svg', Buffer.from(readFileSync(join(here, 'static', 'mark.svg'), 'utf8').trim()));

const { css } = sass.compile(join(here, 'src/app.scss'), {
  loadPaths: [here, join(here, 'node_modules')],
  quietDeps: true,
  silenceDeprecations: ['import', 'global-builtin', 'color-functions', 'if-function'],
  logger: sass.Logger.silent,
});
// One media query in govuk-frontend is written for an old browser and is not valid CSS.
const small = transform({
  filename: 'app.css',
  code: Buffer.from(css),
  minify: true,
  errorRecovery: true,
  targets: { chrome: 88 << 16, safari: (15 << 16) | (4 << 8), firefox: 100 << 16 },
}).code.toString();
// The packages draw the royal crest and a few icons. The crest is not ours to show and no
// page uses the icons, so rules that name a picture of theirs go.
const bare = small.replace(/[^{}]*\{[^{}]*url\(\"?images\/[^{}]*\}|\.govuk-footer__(copyright-logo|crown)[^{}]*\{[^{}]*\}/g, '');
const linked = Object.entries(manifest).reduce((text, [name, hashed]) => text.replaceAll(name, hashed), bare);
put('app.css', Buffer.from(`/* ${notice} */\n${linked}\n`));

for (const name of ['app', 'exit', 'passkey']) {
  const built = esbuild.buildSync({
    entryPoints: [join(here, `src/${name}.mjs`)],
    bundle: true,
    format: 'esm',
    minify: true,
    legalComments: 'none',
    target: ['chrome88', 'safari15.4', 'firefox100'],
    write: false,
  });
  const head = name === 'app' ? `/* ${notice} */\n` : '';
  put(`${name}.js`, Buffer.from(head + built.outputFiles[0].text));
}

const licences = ['LICENCES-npm.txt', 'OFL-Public-Sans.txt'];
writeFileSync(
  join(out, 'LICENCES.txt'),
  licences.map((name) => `${readFileSync(join(here, 'static', name), 'utf8').trim()}\n`).join('\n---\n\n'),
);
writeFileSync(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);

// Compressed bytes may differ between releases of the compressor, so those are compared
// by what they hold; everything else byte for byte.
if (checking) {
  const wrong = [];
  const names = readdirSync(out);
  for (const name of readdirSync(dist)) if (!names.includes(name)) wrong.push(`${name} is no longer built`);
  for (const name of names) {
    try {
      const plain = readFileSync(join(out, name.replace(/\.(br|gz)$/, '')));
      const kept = readFileSync(join(dist, name));
      const opened = name.endsWith('.br') ? brotliDecompressSync(kept) : name.endsWith('.gz') ? gunzipSync(kept) : kept;
      if (!opened.equals(plain)) wrong.push(`${name} is not what its source builds`);
    } catch {
      wrong.push(`${name} is missing or cannot be opened`);
    }
  }
  rmSync(out, { recursive: true, force: true });
  if (wrong.length > 0) {
    console.error(`${wrong.join('\n')}\nRun \`cargo xtask assets\` and commit crates/server/assets/dist.`);
    process.exit(1);
  }
  console.log(`assets: ${names.length} files are current`);
}
