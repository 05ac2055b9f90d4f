// Runs a console in a network of its own, whose only route leads nowhere and is counted. `unshare --net` starts it with the
// command as JSON; it prints its counts as JSON. It is plain JavaScript, because no test runner runs there.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { _electron } from 'playwright-core';

const { executable, args, env, settleMs } = JSON.parse(process.argv[2]);
const GATEWAY = '192.0.2.1';
/** The page itself connects to this address, which only this route leads to. */
const OUTSIDE = '198.51.100.7';

// On an existing link the kernel itself would look for neighbours.
writeFileSync('/proc/sys/net/ipv6/conf/default/disable_ipv6', '1');
for (const line of [
  'link set lo up',
  'link add out0 type veth peer name out1',
  'addr add 192.0.2.77/24 dev out0',
  'link set out1 up',
  'link set out0 up',
  `neigh add ${GATEWAY} lladdr 02:00:00:00:00:01 dev out0`,
  `route add default via ${GATEWAY} dev out0`,
]) {
  execFileSync('ip', line.split(' '));
}

/** Returns how many packets have left. https://docs.kernel.org/networking/statistics.html */
function left() {
  const [, figures = ''] = /out0:(.*)/.exec(readFileSync('/proc/self/net/dev', 'utf8')) ?? [];
  return Number(figures.trim().split(/\s+/)[9]);
}

/** Tries every way out that a page has: WebRTC by UDP and TCP, hints to the browser, requests, sockets. */
async function tryToLeave(outside) {
  const tried = [];
  const attempt = async (name, work) => {
    try {
      tried.push(`${name}: ${await work()}`);
    } catch (error) {
      tried.push(`${name}: ${error.message}`);
    }
  };
  await attempt('webrtc', async () => {
    const connection = new RTCPeerConnection({
      iceServers: [
        { urls: [`stun:${outside}:3478`, 'stun:stun.example.com'] },
        {
          urls: [`turn:${outside}:3478?transport=tcp`, `turns:${outside}:443`],
          username: 'u',
          credential: 'c',
        },
      ],
    });
    connection.createDataChannel('x');
    const found = [];
    connection.onicecandidate = ({ candidate }) => found.push(candidate?.candidate ?? 'end');
    await connection.setLocalDescription();
    await new Promise((resolve) => setTimeout(resolve, 4000));
    return found.join(' | ');
  });
  await attempt('fetch', () => fetch(`http://${outside}/`, { mode: 'no-cors' }).then(() => 'answered'));
  await attempt('socket', () => String(new WebSocket(`ws://${outside}/`).readyState));
  await attempt('beacon', () => String(navigator.sendBeacon(`http://${outside}/`)));
  await attempt('transport', () => new WebTransport(`https://${outside}/`).ready.then(() => 'open'));
  await attempt('hints', () => {
    for (const rel of [
      'dns-prefetch',
      'preconnect',
      'prefetch',
      'preload',
      'icon',
      'stylesheet',
      'manifest',
    ]) {
      const link = document.createElement('link');
      Object.assign(link, { rel, href: 'https://hint.example.com/x' });
      document.head.append(link);
    }
    new Image().src = 'https://image.example.com/x.png';
    const rules = document.createElement('script');
    rules.type = 'speculationrules';
    rules.textContent = '{"prefetch":[{"source":"list","urls":["https://rules.example.com/"]}]}';
    document.head.append(rules);
    const frame = document.createElement('iframe');
    frame.src = 'https://frame.example.com/';
    document.body.append(frame);
    return 'done';
  });
  await new Promise((resolve) => setTimeout(resolve, 3000));
  return tried;
}

const app = await _electron.launch({
  executablePath: executable,
  args,
  env,
  chromiumSandbox: !args.includes('--no-sandbox'),
});
const page = await app.firstWindow();
await page
  .getByLabel(/Connection: Online/)
  .first()
  .waitFor();
await sleep(settleMs);
const atRest = left();
const tried = await page.evaluate(tryToLeave, OUTSIDE);
const all = left();
// A clean end completes its log.
const ended = once(app.process(), 'exit');
app.process().kill('SIGTERM');
await ended;
console.log(JSON.stringify({ atRest, tried, byThePage: all - atRest }));
process.exit(0);
