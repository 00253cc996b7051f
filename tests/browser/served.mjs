// A node of its own, as an agency would serve it, for walks that the demo cannot hold: people set up what they sign in with.
import { spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder } from './browser.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');

async function port() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const { port: free } = server.address();
  await new Promise((closed) => server.close(closed));
  return free;
}

/** Serve a new node by name, with these people invited; gives their one-time links in the same order. */
export async function serve(people) {
  const data = folder('served');
  copyFileSync(join(root, 'rules/demo/northmere.toml'), join(data, 'agency.toml'));
  const origin = `http://localhost:${await port()}`;
  const listen = origin.replace('http://localhost', '127.0.0.1');
  const program = process.env.DAYLIGHT_BIN ?? join(root, 'target/debug/daylight');
  const invited = people.flatMap((one) => ['--invite', one]);
  const given = ['serve', '--data', data, '--listen', listen, '--origin', origin, '--operator', '127.0.0.1:0', ...invited];
  const child = spawn(program, given, { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const limit = Date.now() + 60_000;
  for (;;) {
    const answer = await fetch(`http://${listen}/sign-in`).catch(() => null);
    if (answer?.ok) break;
    if (child.exitCode !== null || Date.now() > limit) throw new Error(`the node is not served:\n${text}`);
    await new Promise((again) => setTimeout(again, 200));
  }
  const links = [...text.matchAll(/http:\/\/\S+\/invite\/[0-9a-f]{64}/g)].map(([link]) => link);
  return { origin, links, end: () => child.kill('SIGINT') };
}
